//! The progress of a render is what the official client says of the same file.

use remotion_lambda::progress::costs;
use remotion_lambda::{Overview, ProgressError, Status};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::golden::fixture;
use crate::official_progress::{Call, differences};

/// What is refused over there and answered here: no file of the function's depends on it.
const LAXER: [&str; 3] = [
    "a function name that does not say its size",
    "done, with another provider and no credentials",
    "a region that does not exist",
];

#[derive(Deserialize)]
struct Case {
    name: String,
    progress: Box<RawValue>,
    now: u64,
    options: Call,
    output: Value,
    result: Option<Box<RawValue>>,
}

impl Case {
    fn overview(&self) -> Result<Overview, ProgressError> {
        let output_size = self.output["sizeInBytes"].as_u64();
        self.options
            .overview(self.progress.get(), self.now, output_size)
    }
}

#[test]
fn official_numbers() {
    let cases: Vec<Case> = fixture("progress.json");
    let mut faults = Vec::new();
    for case in &cases {
        let differing = match (case.overview(), &case.result) {
            (Ok(overview), Some(official)) => differences(&overview, official),
            (Err(_), None) => Vec::new(),
            (Ok(_), None) if LAXER.contains(&case.name.as_str()) => Vec::new(),
            (Ok(_), None) => vec!["answered".to_owned()],
            (Err(error), Some(_)) => vec![error.to_string()],
        };
        if !differing.is_empty() {
            faults.push(format!("{}: {}", case.name, differing.join(", ")));
        }
    }
    assert!(cases.len() > 80);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn statuses() {
    let cases: Vec<Case> = fixture("progress.json");
    for (name, status) in [
        ("started", Status::Queued),
        ("started, long ago", Status::TimedOut),
        ("site opened", Status::Rendering),
        ("rendering, eight chunks done", Status::Rendering),
        ("all chunks done", Status::Encoding),
        ("combined", Status::Encoding),
        ("combined, muted, with the output there", Status::Done),
        ("combined, muted, without the output", Status::Encoding),
        ("done, long ago", Status::Done),
        ("on one function, all frames", Status::Encoding),
        ("on one function, done", Status::Done),
        ("component throws", Status::Failed),
        ("cancelled", Status::Cancelled),
        ("cancelled, by name", Status::Cancelled),
        ("cancelled before the plan", Status::Cancelled),
        ("a fatal error that is retried", Status::Rendering),
        ("at the timeout", Status::Rendering),
        ("past the grace, six chunks missing", Status::TimedOut),
        ("past the grace, with a fatal error", Status::Failed),
        ("past twice the timeout", Status::TimedOut),
        (
            "past twice the timeout, with the output there",
            Status::Done,
        ),
    ] {
        let case = cases.iter().find(|case| case.name == name).expect("a case");
        assert_eq!(case.overview().expect("a file").status, status, "{name}");
    }
}

/// No value in any place makes a nonsense of the answer.
#[test]
fn odd_values() {
    let odd = [
        json!(null),
        json!(-1),
        json!(0),
        json!(1e308),
        json!("x"),
        json!([]),
        json!({}),
    ];
    let cases: Vec<Case> = fixture("progress.json");
    let (mut answered, mut refused) = (0, 0);
    for case in cases.iter().step_by(7) {
        let file: Value = serde_json::from_str(case.progress.get()).expect("JSON");
        let mut pointers = Vec::new();
        places(&file, String::new(), &mut pointers);
        for (pointer, value) in pointers
            .iter()
            .flat_map(|at| odd.iter().map(move |v| (at, v)))
        {
            let mut file = file.clone();
            *file.pointer_mut(pointer).expect("a place") = value.clone();
            match case.options.overview(&file.to_string(), case.now, Some(7)) {
                Ok(overview) => {
                    let progress = overview.overall_progress;
                    assert!((0.0..=1.0).contains(&progress), "{pointer} {value}");
                    let costs = overview.costs.map(|costs| costs.accrued_so_far);
                    assert!(costs.is_none_or(f64::is_finite), "{pointer} {value}");
                    answered += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(answered > 1_000 && refused > 500, "{answered}, {refused}");
}

fn places(value: &Value, at: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                places(value, format!("{at}/{name}"), pointers);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate().take(2) {
                places(value, format!("{at}/{index}"), pointers);
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        pointers.push(at);
    }
}

#[test]
fn prices() {
    let census: Value = fixture("census.json");
    let official = census["prices"].as_object().expect("prices");
    assert!(official.len() > 20);
    for (region, official) in official {
        let ours = costs::prices(region).expect("a region of ours");
        let price = |name: &str| official[name].as_f64().expect("a price");
        assert!(
            ours == costs::Prices {
                gigabyte_second: price("gigabyteSecond"),
                disk_gigabyte_second: price("diskGigabyteSecond"),
                request: price("request"),
            },
            "{region}"
        );
    }
    assert_eq!(census["pricedDiskSizeInMb"], 10_240);
}
