//! What the page is told of its operator, and of the passwords that its users may choose.

use remotion_render_api::page::brand::Brand;

use super::{assert_faults, from_vars};

#[test]
fn the_page_s_name_and_colour() {
    let long = "é".repeat(50);
    let config = from_vars(&[("PAGE_TITLE", &long), ("PAGE_COLOR", "#0A7d5a")]);
    assert!(config.is_ok(), "{config:?}");
    let config = from_vars(&[("PAGE_TITLE", " "), ("PAGE_COLOR", "")]);
    assert_eq!(config.expect("a configuration").brand, Brand::default());
    assert_faults(
        &[("PAGE_TITLE", &format!("{long}!")), ("PAGE_COLOR", "#0A7")],
        &[
            "PAGE_TITLE must have at most 50 characters, not 51.",
            "PAGE_COLOR must be a colour such as #0a7d5a, not \"#0A7\".",
        ],
    );
    assert_faults(
        &[("PAGE_TITLE", "two\nlines"), ("PAGE_COLOR", "#ünïco")],
        &[
            "PAGE_TITLE must be one line of text, without control characters.",
            "PAGE_COLOR must be a colour such as #0a7d5a, not \"#ünïco\".",
        ],
    );
}

#[test]
fn the_rule_for_passwords() {
    assert_faults(
        &[
            ("COGNITO_PASSWORD_LENGTH", "5"),
            ("COGNITO_PASSWORD_SYMBOLS", "1"),
        ],
        &[
            "COGNITO_PASSWORD_SYMBOLS must be true or false, not \"1\".",
            "COGNITO_PASSWORD_LENGTH must be a whole number from 6 to 99, not \"5\".",
        ],
    );
}
