//! Tells the linker where the function lies.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // At a fixed place, as Go's programs are: to relocate thirteen thousand pointers is a tenth of a cold start.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
