//! Mutations that keep a JSON document whole, so that they get past the parser.

use fastrand::Rng;
use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Number, Value};

/// Mutates the JSON document that follows `prefix` bytes, with the words of libFuzzer dictionaries; every other time, and
/// what is no JSON, byte by byte. Gives the new size, as libFuzzer wants it.
pub fn json(
    data: &mut [u8],
    (size, max_size, seed): (usize, usize, u32),
    prefix: usize,
    dictionaries: &[&'static str],
) -> usize {
    let mut rng = Rng::with_seed(seed.into());
    let document = data.get(prefix..size).filter(|_| rng.bool());
    let document = document.and_then(|text| serde_json::from_slice::<Value>(text).ok());
    if let Some(mut document) = document {
        let mut mutation = Mutation {
            words: dictionaries.iter().flat_map(|text| words(text)).collect(),
            rng,
        };
        for _ in 0..mutation.rng.usize(1..=3) {
            mutation.somewhere(&mut document);
        }
        let text = document.to_string();
        if prefix + text.len() <= max_size {
            data[prefix..prefix + text.len()].copy_from_slice(text.as_bytes());
            return prefix + text.len();
        }
    }
    fuzzer_mutate(data, size, max_size)
}

/// The entries of a dictionary, one in quotes on each line.
fn words(dictionary: &'static str) -> impl Iterator<Item = &'static str> {
    dictionary
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'))
}

struct Mutation {
    words: Vec<&'static str>,
    rng: Rng,
}

impl Mutation {
    /// Goes down to some place, also into a document within a string, and changes what is there.
    fn somewhere(&mut self, value: &mut Value) {
        let deeper = self.rng.u8(..4) > 0;
        match value {
            Value::Array(items) if deeper && !items.is_empty() => {
                let at = self.rng.usize(..items.len());
                self.somewhere(&mut items[at]);
            }
            Value::Object(entries) if deeper && !entries.is_empty() => {
                let at = self.rng.usize(..entries.len());
                let value = entries.values_mut().nth(at).expect("an entry");
                self.somewhere(value);
            }
            Value::String(text) if deeper => match serde_json::from_str::<Value>(text) {
                Ok(mut inner) => {
                    self.somewhere(&mut inner);
                    *text = inner.to_string();
                }
                Err(_) => self.change(value),
            },
            _ => self.change(value),
        }
    }

    fn change(&mut self, value: &mut Value) {
        match value {
            Value::Object(entries) if self.rng.u8(..6) > 0 => self.change_object(entries),
            Value::Array(items) if self.rng.u8(..6) > 0 => match self.rng.u8(..3) {
                0 if !items.is_empty() => drop(items.remove(self.rng.usize(..items.len()))),
                1 if !items.is_empty() => items.push(items[self.rng.usize(..items.len())].clone()),
                _ => items.push(self.fresh(0)),
            },
            Value::String(text) if self.rng.bool() => *text = self.text(text),
            Value::Number(number) if self.rng.bool() => {
                let factors = [-1.0, 0.5, 0.999, 1.001, 10.0, 1e9];
                let by = factors[self.rng.usize(..factors.len())];
                *value = float(number.as_f64().unwrap_or_default() * by);
            }
            _ => *value = self.fresh(0),
        }
    }

    fn change_object(&mut self, entries: &mut Map<String, Value>) {
        let some = entries
            .keys()
            .nth(self.rng.usize(..=entries.len()))
            .cloned();
        match (self.rng.u8(..4), some) {
            (0, Some(name)) => drop(entries.remove(&name)),
            (1, Some(name)) => {
                let value = entries.remove(&name).expect("an entry");
                entries.insert(self.word(), value);
            }
            _ => {
                let value = self.fresh(0);
                entries.insert(self.word(), value);
            }
        }
    }

    fn fresh(&mut self, depth: usize) -> Value {
        match self.rng.u8(..16) {
            0 => Value::Null,
            1 | 2 => self.rng.bool().into(),
            3..=5 => self.rng.u8(..).into(),
            6 => {
                let odd = [
                    0.0,
                    -0.0,
                    -1.0,
                    0.5,
                    1e-300,
                    1e16,
                    1.7e308,
                    -1.7e308,
                    1.767_225_6e12,
                ];
                float(odd[self.rng.usize(..odd.len())])
            }
            7 => [u64::MAX, 1 << 53, 1 << 31][self.rng.usize(..3)].into(),
            8 => (i64::MIN + i64::from(self.rng.u8(..))).into(),
            9 if depth < 3 => (0..self.rng.u8(..4))
                .map(|_| self.fresh(depth + 1))
                .collect(),
            10 | 11 if depth < 3 => (0..self.rng.u8(..4))
                .map(|_| (self.word(), self.fresh(depth + 1)))
                .collect(),
            12 => {
                let deep = self.rng.usize(..150);
                (0..deep).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
            }
            13 => self.text("").into(),
            _ => self.word().into(),
        }
    }

    fn word(&mut self) -> String {
        match self.words.len() {
            0 => String::new(),
            all => self.words[self.rng.usize(..all)].to_owned(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        const ROOM: usize = 32;
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(text.len() + ROOM, 0);
        let size = fuzzer_mutate(&mut bytes, text.len(), text.len() + ROOM);
        String::from_utf8_lossy(&bytes[..size]).into_owned()
    }
}

fn float(number: f64) -> Value {
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}
