//! DynamoDB's expressions, as far as the function writes them. What it does not know, it refuses.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// An item: attributes by name, each `{"S": …}` or the like.
pub(crate) type Item = Map<String, Value>;

/// What stands for `#names` and `:values`.
pub(crate) struct Names<'a> {
    pub(crate) names: &'a Value,
    pub(crate) values: &'a Value,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Sign(&'static str),
}

const SIGNS: [&str; 11] = ["<=", ">=", "<>", "<", ">", "=", "(", ")", ",", "+", "-"];

fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text.trim_start();
    let mut tokens = Vec::new();
    while !rest.is_empty() {
        let length = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "_:#.".contains(c)));
            let end = end.unwrap_or(rest.len());
            assert!(end > 0, "what is {rest}?");
            tokens.push(Token::Word(rest[..end].to_owned()));
            end
        };
        rest = rest[length..].trim_start();
    }
    tokens
}

/// A reader of tokens.
struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    names: &'a Names<'a>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, sign: &'static str) -> bool {
        let it_is = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(it_is);
        it_is
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let it_is = self.peek() == Some(&Token::Word(word.to_owned()));
        self.at += usize::from(it_is);
        it_is
    }

    fn word(&mut self) -> String {
        let Some(Token::Word(word)) = self.peek().cloned() else {
            panic!("no word at {} of {:?}", self.at, self.tokens);
        };
        self.at += 1;
        word
    }

    /// The name of an attribute.
    fn path(&mut self) -> String {
        let word = self.word();
        match word.starts_with('#') {
            true => self.names.names[&word].as_str().expect(&word).to_owned(),
            false => word,
        }
    }

    fn operand(&mut self, item: &Item) -> Option<Value> {
        if let Some(Token::Word(word)) = self.peek()
            && word.starts_with(':')
        {
            let word = self.word();
            let value = &self.names.values[&word];
            assert!(!value.is_null(), "{word} is not given");
            return Some(value.clone());
        }
        if self.takes_word("if_not_exists") {
            assert!(self.takes("("));
            let path = self.path();
            assert!(self.takes(","));
            let other = self.operand(item);
            assert!(self.takes(")"));
            return item.get(&path).cloned().or(other);
        }
        let path = self.path();
        item.get(&path).cloned()
    }

    fn either(&mut self, item: &Item) -> bool {
        let mut holds = self.both(item);
        while self.takes_word("OR") {
            holds |= self.both(item);
        }
        holds
    }

    fn both(&mut self, item: &Item) -> bool {
        let mut holds = self.one(item);
        while self.takes_word("AND") {
            holds &= self.one(item);
        }
        holds
    }

    fn one(&mut self, item: &Item) -> bool {
        if self.takes("(") {
            let holds = self.either(item);
            assert!(self.takes(")"));
            return holds;
        }
        for (function, wanted) in [("attribute_exists", true), ("attribute_not_exists", false)] {
            if self.takes_word(function) {
                assert!(self.takes("("));
                let there = item.contains_key(&self.path());
                assert!(self.takes(")"));
                return there == wanted;
            }
        }
        let left = self.operand(item);
        if self.takes_word("BETWEEN") {
            let low = self.operand(item);
            assert!(self.takes_word("AND"));
            let high = self.operand(item);
            let at_least = compared(left.as_ref(), low.as_ref()).is_some_and(Ordering::is_ge);
            return at_least && compared(left.as_ref(), high.as_ref()).is_some_and(Ordering::is_le);
        }
        let Some(Token::Sign(sign)) = self.peek().cloned() else {
            panic!("no comparison in {:?}", self.tokens);
        };
        self.at += 1;
        let right = self.operand(item);
        let order = compared(left.as_ref(), right.as_ref());
        match sign {
            "=" => left.is_some() && left == right || order == Some(Ordering::Equal),
            "<>" => left != right,
            "<" => order.is_some_and(Ordering::is_lt),
            "<=" => order.is_some_and(Ordering::is_le),
            ">" => order.is_some_and(Ordering::is_gt),
            ">=" => order.is_some_and(Ordering::is_ge),
            _ => panic!("{sign}"),
        }
    }
}

/// The number that a value is.
pub(crate) fn number(value: &Value) -> Option<f64> {
    value["N"].as_str()?.parse().ok()
}

/// What is not there, or of another type, compares with nothing.
fn compared(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    let (left, right) = (left?, right?);
    match (number(left), number(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        _ => Some(left["S"].as_str()?.cmp(right["S"].as_str()?)),
    }
}

/// Whether a condition holds for an item.
pub(crate) fn holds(condition: &str, item: &Item, names: &Names<'_>) -> bool {
    let mut reader = Reader {
        tokens: tokens(condition),
        at: 0,
        names,
    };
    let holds = reader.either(item);
    assert_eq!(reader.at, reader.tokens.len(), "{condition}");
    holds
}

/// The item after an update.
pub(crate) fn updated(update: &str, item: &Item, names: &Names<'_>) -> Item {
    let mut reader = Reader {
        tokens: tokens(update),
        at: 0,
        names,
    };
    let mut changes: BTreeMap<String, Option<Value>> = BTreeMap::new();
    while reader.peek().is_some() {
        let clause = reader.word();
        loop {
            let path = reader.path();
            let value = match clause.as_str() {
                "SET" => {
                    assert!(reader.takes("="));
                    let mut value = reader.operand(item);
                    for (sign, by) in [("+", 1.0), ("-", -1.0)] {
                        if reader.takes(sign) {
                            let other = reader.operand(item);
                            let other = other.as_ref().and_then(number).expect("a number");
                            let sum =
                                value.as_ref().and_then(number).expect("a number") + by * other;
                            value = Some(serde_json::json!({"N": written(sum)}));
                        }
                    }
                    Some(value.expect("a value"))
                }
                "ADD" => {
                    let more = reader.operand(item);
                    let more = more.as_ref().and_then(number).expect("a number");
                    let before = item.get(&path).and_then(number).unwrap_or_default();
                    Some(serde_json::json!({"N": written(before + more)}))
                }
                "REMOVE" => None,
                _ => panic!("{clause}"),
            };
            let before = changes.insert(path.clone(), value);
            assert!(before.is_none(), "two paths overlap at {path}");
            if !reader.takes(",") {
                break;
            }
        }
    }
    let mut item = item.clone();
    for (path, value) in changes {
        match value {
            Some(value) => item.insert(path, value),
            None => item.remove(&path),
        };
    }
    item
}

/// As DynamoDB writes decimals: without the noise of binary ones.
fn written(number: f64) -> String {
    let text = format!("{number:.10}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
