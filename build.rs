//! Packs the page that the function answers at `GET /`: see `src/page.rs`, which puts it together.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

const PAGE: &str = "page/dist/index.html";

/// The configuration goes between these tags.
const CONFIG: &str = r#"<script id="config" type="application/json">"#;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // At a fixed place, as Go's programs are: to relocate thirteen thousand pointers is a tenth of a cold start.
    // With glibc: musl's are static, and have none.
    let target = |what| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if (target("OS"), target("ENV")) == ("linux".into(), "gnu".into()) {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    println!("cargo::rerun-if-changed={PAGE}");
    let html = fs::read_to_string(PAGE).expect("the built page is committed");
    let (head, rest) = html
        .split_once(CONFIG)
        .expect("a place for the configuration");

    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(rest.as_bytes()).expect("memory");
    let deflated = deflated.finish().expect("memory");
    let mut crc = flate2::Crc::new();
    crc.update(rest.as_bytes());

    let mut parts = String::new();
    for (name, kind, value) in [
        ("HEAD", "&str", format!("{:?}", format!("{head}{CONFIG}"))),
        ("REST", "&str", r#"include_str!("rest.html")"#.to_owned()),
        (
            "REST_DEFLATED",
            "&[u8]",
            r#"include_bytes!("rest.deflate")"#.to_owned(),
        ),
        (
            "REST_CRC",
            "u32",
            format!("{:#x}_{:04x}", crc.sum() >> 16, crc.sum() & 0xffff),
        ),
        (
            "SCRIPT_HASH",
            "&str",
            hash(rest, r#"<script type="module">"#, "</script>"),
        ),
        ("STYLE_HASH", "&str", hash(rest, "<style>", "</style>")),
    ] {
        writeln!(parts, "const {name}: {kind} = {value};").expect("memory");
    }
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    let out = Path::new(&out);
    for (name, content) in [
        ("rest.html", rest.as_bytes()),
        ("rest.deflate", &deflated),
        ("page.rs", parts.as_bytes()),
    ] {
        fs::write(out.join(name), content).expect("a writable folder");
    }
}

/// By which a Content Security Policy allows the only element of its kind.
fn hash(html: &str, start: &str, end: &str) -> String {
    let mut parts = html.split(start);
    let (Some(_), Some(element), None) = (parts.next(), parts.next(), parts.next()) else {
        panic!("{PAGE} must have one {start}");
    };
    let (content, _) = element.split_once(end).expect("an end");
    let digest = STANDARD.encode(Sha256::digest(content));
    format!("{:?}", format!("'sha256-{digest}'"))
}
