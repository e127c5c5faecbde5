//! What the page is told: of its operator, where its users sign in, and which passwords they may choose.

use remotion_render_api::page::SignIn;
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

#[test]
fn the_page_signs_in_at_one_place_that_it_can_reach() {
    const NEEDS: &str = "OIDC_CLIENT_ID needs JWT_ISSUER and JWT_AUDIENCES.";
    let client = ("OIDC_CLIENT_ID", "page");
    let issuer = ("JWT_ISSUER", "https://issuer.example/");
    let audiences = ("JWT_AUDIENCES", "api, other,");
    assert_faults(&[client], &[NEEDS]);
    assert_faults(&[client, issuer], &[NEEDS]);
    assert_faults(&[client, audiences], &[NEEDS]);
    assert_faults(&[client, issuer, ("JWT_AUDIENCES", ",")], &[NEEDS]);
    assert_faults(
        &[
            client,
            issuer,
            audiences,
            ("COGNITO_USER_POOL_ID", "p"),
            ("COGNITO_USER_POOL_CLIENT_ID", "c"),
        ],
        &["OIDC_CLIENT_ID and COGNITO_USER_POOL_ID exclude each other. Set one."],
    );
    assert_faults(
        &[client, ("JWT_ISSUER", "https://a;b/"), audiences],
        &[
            "OIDC_CLIENT_ID needs a JWT_ISSUER with a host that browsers can reach, such as https://login.example.com, not \"https://a;b/\".",
        ],
    );
    // The gateway is told of both. Without a client there is no page.
    let config = from_vars(&[issuer, audiences]).expect("a configuration");
    assert_eq!(config.sign_in, None);
    let config = from_vars(&[client, issuer, audiences]).expect("a configuration");
    let Some(SignIn::Oidc(client)) = config.sign_in else {
        panic!("{:?}", config.sign_in)
    };
    assert_eq!(client.issuer, "https://issuer.example/");
    assert_eq!(client.client_id, "page");
    assert_eq!(client.audiences, ["api", "other"]);
}
