//! An official client, in one long-lived process.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

pub(crate) struct Official {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What the client, the function and the render say together.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Payload {
        payload: Value,
    },
    Refusal {
        error: String,
    },
    Unsupported {
        unsupported: Vec<String>,
    },
    Failure {
        #[expect(dead_code, reason = "shown where a test fails")]
        failure: String,
    },
}

#[derive(Deserialize)]
struct Progress {
    result: Option<Box<RawValue>>,
}

impl Official {
    /// The JavaScript client, and what the function and the render say.
    pub(crate) fn javascript() -> Self {
        Self::start("node", "live.mjs")
    }

    /// The Python client, alone.
    pub(crate) fn python() -> Self {
        let python = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../.tools/oracle/bin/python"
        );
        Self::start(python, "python_client.py")
    }

    fn start(program: &str, script: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/conformance");
        let mut child = Command::new(program)
            .arg(script)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`make conformance` installs what it needs");
        let requests = child.stdin.take().expect("its standard input");
        let answers = BufReader::new(child.stdout.take().expect("its standard output"));
        Self {
            child,
            requests,
            answers,
        }
    }

    pub(crate) fn ask(&mut self, routine: &str, options: &Map<String, Value>) -> Answer {
        let line = self.answer(&json!({"id": 1, "routine": routine, "options": options}));
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// The answer to a request of the routine `progress`, as text: its numbers are compared to their last digit.
    pub(crate) fn progress(&mut self, request: &Value) -> Result<Box<RawValue>, String> {
        let line = self.answer(request);
        let answer: Progress =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        answer.result.ok_or(line)
    }

    fn answer(&mut self, request: &Value) -> String {
        writeln!(self.requests, "{request}").expect("a request");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        line
    }
}

impl Drop for Official {
    fn drop(&mut self) {
        // It ends by itself when its input does; this is for a test that has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
