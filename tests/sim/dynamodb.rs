//! One DynamoDB table in memory: what the function asks of it, with the answers that AWS documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::expressions::{Item, Names, holds, number, updated};

type Key = (String, String);

#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) items: BTreeMap<Key, Item>,
    /// The sparse index: what has both of its keys.
    due: BTreeSet<(String, String, Key)>,
    /// The transactions that are written, by their tokens.
    done: BTreeMap<String, Value>,
}

/// What a call comes to: the answer, or an error's code with more of its body.
pub(crate) type Answer = Result<Value, (&'static str, Value)>;

fn key(item: &Value) -> Key {
    let text = |name: &str| item[name]["S"].as_str().expect("a key").to_owned();
    (text("pk"), text("sk"))
}

fn condition_failed(item: Option<&Item>) -> Value {
    let mut reason =
        json!({"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"});
    if let Some(item) = item {
        reason["Item"] = item.clone().into();
    }
    reason
}

impl Table {
    pub(crate) fn call(&mut self, operation: &str, asked: &Value) -> Answer {
        match operation {
            "GetItem" => {
                let item = self.items.get(&key(&asked["Key"]));
                Ok(item.map_or(json!({}), |item| json!({"Item": item})))
            }
            "PutItem" => self.write("Put", asked),
            "UpdateItem" => self.write("Update", asked),
            "DeleteItem" => self.write("Delete", asked),
            "TransactWriteItems" => self.transact(asked),
            "Query" => Ok(self.query(asked)),
            _ => panic!("{operation}"),
        }
    }

    /// The items whose sort key begins so.
    /// The records of renders.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Item> {
        self.beginning("render#")
            .filter(|item| item.contains_key("startedAt"))
    }

    pub(crate) fn beginning<'a>(&'a self, sort: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items
            .iter()
            .filter_map(move |((_, sk), item)| sk.starts_with(sort).then_some(item))
    }

    fn write(&mut self, kind: &str, asked: &Value) -> Answer {
        match self.outcome(kind, asked) {
            Ok((key, item)) => {
                self.set(key, item);
                Ok(json!({}))
            }
            Err(_) => Err(("ConditionalCheckFailedException", json!({}))),
        }
    }

    fn transact(&mut self, asked: &Value) -> Answer {
        let token = asked["ClientRequestToken"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(done) = self.done.get(&token) {
            let again = done == &asked["TransactItems"];
            return if again {
                Ok(json!({}))
            } else {
                Err(("IdempotentParameterMismatchException", json!({})))
            };
        }
        let writes = asked["TransactItems"].as_array().expect("writes");
        assert!(
            writes.len() <= 100,
            "{} writes in a transaction",
            writes.len()
        );
        let mut keys = BTreeSet::new();
        let outcomes: Vec<_> = writes
            .iter()
            .map(|write| {
                let (kind, write) = write
                    .as_object()
                    .expect("a write")
                    .iter()
                    .next()
                    .expect("one");
                let item = if kind == "Put" {
                    &write["Item"]
                } else {
                    &write["Key"]
                };
                assert!(keys.insert(key(item)), "two writes of one item: {item}");
                self.outcome(kind, write)
            })
            .collect();
        if outcomes.iter().any(Result::is_err) {
            let reasons: Vec<_> = outcomes
                .into_iter()
                .map(|outcome| outcome.err().unwrap_or_else(|| json!({"Code": "None"})))
                .collect();
            return Err((
                "TransactionCanceledException",
                json!({"CancellationReasons": reasons}),
            ));
        }
        if !token.is_empty() {
            self.done.insert(token, asked["TransactItems"].clone());
        }
        for outcome in outcomes {
            let (key, item) = outcome.expect("checked");
            self.set(key, item);
        }
        Ok(json!({}))
    }

    /// What a write makes of its item, or the reason why it is refused.
    fn outcome(&self, kind: &str, write: &Value) -> Result<(Key, Option<Item>), Value> {
        let key = key(if kind == "Put" {
            &write["Item"]
        } else {
            &write["Key"]
        });
        let empty = Map::new();
        let before = self.items.get(&key);
        let names = Names {
            names: &write["ExpressionAttributeNames"],
            values: &write["ExpressionAttributeValues"],
        };
        if let Some(condition) = write["ConditionExpression"].as_str()
            && !holds(condition, before.unwrap_or(&empty), &names)
        {
            let told = write["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD";
            return Err(condition_failed(before.filter(|_| told)));
        }
        let after = match kind {
            "Put" => Some(write["Item"].as_object().expect("an item").clone()),
            "Update" => {
                let mut item = before
                    .cloned()
                    .unwrap_or_else(|| write["Key"].as_object().expect("a key").clone());
                item = updated(
                    write["UpdateExpression"].as_str().expect("an update"),
                    &item,
                    &names,
                );
                Some(item)
            }
            "Delete" => None,
            "ConditionCheck" => before.cloned(),
            _ => panic!("{kind}"),
        };
        Ok((key, after))
    }

    fn set(&mut self, key: Key, item: Option<Item>) {
        let due = |item: &Item| {
            let due = item.get("due")?["S"].as_str()?.to_owned();
            Some((due, item.get("dueAt")?["S"].as_str()?.to_owned()))
        };
        if let Some((due, at)) = self.items.get(&key).and_then(due) {
            self.due.remove(&(due, at, key.clone()));
        }
        match item {
            Some(item) => {
                if let Some((due, at)) = due(&item) {
                    self.due.insert((due, at, key.clone()));
                }
                self.items.insert(key, item);
            }
            None => {
                self.items.remove(&key);
            }
        }
    }

    fn query(&self, asked: &Value) -> Value {
        let names = Names {
            names: &asked["ExpressionAttributeNames"],
            values: &asked["ExpressionAttributeValues"],
        };
        let condition = asked["KeyConditionExpression"]
            .as_str()
            .expect("a condition");
        let limit = asked["Limit"]
            .as_u64()
            .map_or(usize::MAX, |limit| usize::try_from(limit).expect("a limit"));
        let mut last = Value::Null;
        let found: Vec<&Item> = match asked["IndexName"].as_str() {
            Some("due") => {
                let placeholder = condition.split_whitespace().nth(2).expect("due = :x");
                let due = names.values[placeholder]["S"]
                    .as_str()
                    .expect("a list")
                    .to_owned();
                let range = (due.clone(), String::new(), Key::default())
                    ..(due + "\u{10ffff}", String::new(), Key::default());
                let items = self.due.range(range).map(|(_, _, key)| &self.items[key]);
                let after = asked["ExclusiveStartKey"].as_object().map(|start| {
                    (
                        start["dueAt"]["S"].as_str().unwrap_or_default().to_owned(),
                        key(&asked["ExclusiveStartKey"]),
                    )
                });
                items
                    .filter(|item| {
                        let place = (
                            item["dueAt"]["S"].as_str().unwrap_or_default().to_owned(),
                            key(&Value::from((*item).clone())),
                        );
                        after.as_ref().is_none_or(|after| place > *after)
                    })
                    .filter(|item| holds(condition, item, &names))
                    .take(limit)
                    .inspect(|item| {
                        let names = ["pk", "sk", "due", "dueAt"];
                        last = names
                            .map(|name| (name, item[name].clone()))
                            .into_iter()
                            .collect();
                    })
                    .collect()
            }
            index => {
                let owner = names.values[":owner"]["S"]
                    .as_str()
                    .expect("an owner")
                    .to_owned();
                let range = (owner.clone(), String::new())..(owner + "\u{0}", String::new());
                let mut items: Vec<_> = self
                    .items
                    .range(range)
                    .map(|(_, item)| item)
                    .filter(|item| index.is_none() || item.contains_key("startedAt"))
                    .filter(|item| holds(condition, item, &names))
                    .collect();
                if index == Some("byTime") {
                    items.sort_by(|a, b| {
                        number(&b["startedAt"])
                            .partial_cmp(&number(&a["startedAt"]))
                            .expect("numbers")
                    });
                }
                items.into_iter().take(limit).collect()
            }
        };
        let mut answer = json!({"Items": found, "Count": found.len(), "ScannedCount": found.len()});
        if found.len() == limit && last.is_object() {
            answer["LastEvaluatedKey"] = last;
        }
        answer
    }
}
