//! Writes a JSON object key by key, in the order in which they come.

use serde::Serialize;

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct ObjectWriter(Vec<u8>);

impl ObjectWriter {
    /// An object of a Remotion routine, which its first key names.
    pub(crate) fn of_routine(name: &str) -> Self {
        let mut writer = Self(Vec::with_capacity(2_048));
        writer.0.push(b'{');
        writer.put("type", name);
        writer
    }

    pub(crate) fn put(&mut self, key: &str, value: &(impl Serialize + ?Sized)) {
        self.key(key);
        serde_json::to_writer(&mut self.0, value)
            .expect("strings, numbers and JSON text serialise");
    }

    /// Puts what is JSON already.
    pub(crate) fn put_json(&mut self, key: &str, value: &str) {
        self.key(key);
        self.0.extend_from_slice(value.as_bytes());
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        serde_json::to_writer(&mut self.0, key).expect("a string serialises");
        self.0.push(b':');
    }
}
