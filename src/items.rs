//! The request for a batch: options that its renders share, and items with their own options.

use remotion_lambda::json::{Object, Violation};
use serde_json::value::RawValue;

use crate::error::Error;

/// The most items of a batch.
pub const MAX_ITEMS: usize = 1_000;

/// The key that has them.
const ITEMS: &str = "items";

/// The items of a batch, each over what they share.
#[derive(Debug)]
pub struct Items<'a> {
    shared: Vec<(&'a str, &'a RawValue)>,
    items: Vec<Object<'a>>,
}

impl<'a> Items<'a> {
    /// The items in a body.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidOptions`]: that there are none, or too many, or which are no objects.
    pub fn of(body: &'a Object<'a>) -> Result<Self, Error> {
        let refused = |detail: String| Error::InvalidOptions(vec![Violation::at(ITEMS, detail)]);
        let given = body.iter().filter(|(name, _)| *name == ITEMS).count();
        let items: Vec<&RawValue> = match (body.get(ITEMS), given) {
            (None, _) => return Err(refused("A batch needs items.".to_owned())),
            (_, 2..) => return Err(refused(format!("{ITEMS} is given twice."))),
            (Some(items), _) => serde_json::from_str(items.get())
                .map_err(|_| refused("items must be an array of objects.".to_owned()))?,
        };
        if !(1..=MAX_ITEMS).contains(&items.len()) {
            return Err(refused(format!(
                "A batch has 1 to {MAX_ITEMS} items, not {}.",
                items.len()
            )));
        }
        let mut wrong = Vec::new();
        let mut objects = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            match Object::parse(item.get().as_bytes()) {
                Ok(object) => objects.push(object),
                Err(_) => wrong.push(Violation::new(
                    [ITEMS, &index.to_string()],
                    "An item must be an object.",
                )),
            }
        }
        if !wrong.is_empty() {
            return Err(Error::InvalidOptions(wrong));
        }
        let shared = body.iter().filter(|(name, _)| *name != ITEMS);
        Ok(Self {
            shared: shared.collect(),
            items: objects,
        })
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.items.len()).expect("at most a thousand")
    }

    /// What is asked for with an item: its own options, and those shared ones that it does not have.
    #[must_use]
    pub fn whole(&self, index: u32) -> Option<Object<'_>> {
        let item = self.items.get(usize::try_from(index).ok()?)?;
        let mut whole = Object::default();
        for (name, value) in &self.shared {
            if item.get(name).is_none() {
                whole.push(name, value);
            }
        }
        for (name, value) in item.iter() {
            whole.push(name, value);
        }
        Some(whole)
    }

    /// Where in the body it is that an item is wrong: in the item itself, or in what all share.
    #[must_use]
    pub fn placed(&self, index: u32, wrong: Violation) -> Violation {
        let key = wrong.key().replace("~1", "/").replace("~0", "~");
        let is_shared = self.shared.iter().any(|(name, _)| *name == key);
        let item = usize::try_from(index)
            .ok()
            .and_then(|at| self.items.get(at));
        if is_shared && item.is_none_or(|item| item.get(&key).is_none()) {
            return wrong;
        }
        Violation {
            pointer: format!("/{ITEMS}/{index}{}", wrong.pointer),
            ..wrong
        }
    }
}

#[cfg(test)]
mod tests {
    use remotion_lambda::json::{Object, Violation};

    use super::Items;

    #[test]
    fn an_item_over_what_all_share() {
        let body = Object::parse(
            br#"{"codec":"vp8","inputProps":{"a":1},"items":[{},{"codec":"h264","name":"x"}]}"#,
        )
        .expect("an object");
        let items = Items::of(&body).expect("items");
        assert_eq!(items.count(), 2);
        let whole = |index| {
            let whole = items.whole(index)?;
            let entries = whole.iter().map(|(name, value)| (name, value.get()));
            Some(format!("{:?}", entries.collect::<Vec<_>>()))
        };
        assert_eq!(
            whole(0).expect("the first"),
            r#"[("codec", "\"vp8\""), ("inputProps", "{\"a\":1}")]"#
        );
        assert_eq!(
            whole(1).expect("the second"),
            r#"[("inputProps", "{\"a\":1}"), ("codec", "\"h264\""), ("name", "\"x\"")]"#
        );
        assert_eq!(whole(2), None);
        let place = |index, key: &str| items.placed(index, Violation::at(key, "")).pointer;
        assert_eq!(place(0, "codec"), "/codec");
        assert_eq!(place(1, "codec"), "/items/1/codec");
        assert_eq!(place(1, "crf"), "/items/1/crf");
    }

    #[test]
    fn what_is_no_batch() {
        for (body, pointer) in [
            ("{}", "/items"),
            (r#"{"items":[]}"#, "/items"),
            (r#"{"items":{}}"#, "/items"),
            (r#"{"items":null}"#, "/items"),
            (r#"{"items":[{}],"items":[{}]}"#, "/items"),
            (r#"{"items":[{},1]}"#, "/items/1"),
        ] {
            let body = Object::parse(body.as_bytes()).expect("an object");
            let error = Items::of(&body).expect_err("no batch");
            let crate::error::Error::InvalidOptions(wrong) = error else {
                panic!("{error}");
            };
            assert_eq!(wrong[0].pointer, pointer);
        }
        let many = format!(r#"{{"items":[{}]}}"#, vec!["{}"; 1_001].join(","));
        let many = Object::parse(many.as_bytes()).expect("an object");
        assert!(Items::of(&many).is_err());
    }
}
