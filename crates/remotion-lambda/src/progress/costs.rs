//! The costs of a render, as the official client estimates them while it runs.
//!
//! Source: `estimatePrice()` of `@remotion/lambda-client`; a test compares the prices with the pinned release's.

use serde::{Deserialize, Serialize};

/// An estimate: invocations and their time, without storage and traffic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Costs {
    /// In the currency.
    pub accrued_so_far: f64,
    /// The same for people, such as `$0.012` or `<$0.001`.
    pub display_cost: String,
    /// `USD`, or `CNY` in China.
    pub currency: String,
    /// A sentence that says what the estimate does not include.
    pub disclaimer: String,
}

/// AWS's prices in a region, in its currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// For a gigabyte of memory over a second.
    pub gigabyte_second: f64,
    /// For a gigabyte of disk over a second.
    pub disk_gigabyte_second: f64,
    /// For an invocation.
    pub request: f64,
}

/// By region: memory, disk, invocation.
const PRICES: [(&str, f64, f64, f64); 25] = [
    ("eu-central-1", 1.333_34e-5, 3.67e-8, 2e-7),
    ("eu-central-2", 1.466_67e-5, 4.41e-8, 2.2e-7),
    ("eu-west-1", 1.333_34e-5, 3.4e-8, 2e-7),
    ("eu-west-2", 1.333_34e-5, 3.58e-8, 2e-7),
    ("eu-west-3", 1.333_34e-5, 3.58e-8, 2e-7),
    ("eu-south-1", 1.561_38e-5, 3.57e-8, 2.3e-7),
    ("eu-north-1", 1.333_34e-5, 3.23e-8, 2e-7),
    ("us-east-1", 1.333_34e-5, 3.09e-8, 2e-7),
    ("us-east-2", 1.333_34e-5, 3.09e-8, 2e-7),
    ("us-west-1", 1.333_34e-5, 3.7e-8, 2e-7),
    ("us-west-2", 1.333_34e-5, 3.09e-8, 2e-7),
    ("af-south-1", 1.768e-5, 4.04e-8, 2.7e-7),
    ("ap-south-1", 1.333_34e-5, 3.52e-8, 2e-7),
    ("ap-east-1", 1.83e-5, 4.07e-8, 2.8e-7),
    ("ap-southeast-1", 1.333_34e-5, 3.7e-8, 2e-7),
    ("ap-southeast-2", 1.333_34e-5, 3.7e-8, 2e-7),
    ("ap-northeast-1", 1.333_34e-5, 3.7e-8, 2e-7),
    ("ap-northeast-2", 1.333_34e-5, 3.52e-8, 2e-7),
    ("ap-northeast-3", 1.333_34e-5, 3.7e-8, 2e-7),
    ("ap-southeast-4", 1.333_34e-5, 3.7e-8, 2e-7),
    ("ap-southeast-5", 1.2e-5, 3.33e-8, 1.8e-7),
    ("ca-central-1", 1.333_34e-5, 3.4e-8, 2e-7),
    ("cn-north-1", 9.08e-5, 2.303e-7, 1.36e-6),
    ("cn-northwest-1", 9.08e-5, 2.049e-7, 1.36e-6),
    ("sa-east-1", 1.333_34e-5, 5.86e-8, 2e-7),
];

/// The prices of a region, where Remotion knows it.
#[must_use]
pub fn prices(region: &str) -> Option<Prices> {
    let (_, gigabyte_second, disk_gigabyte_second, request) =
        PRICES.into_iter().find(|(name, ..)| *name == region)?;
    Some(Prices {
        gigabyte_second,
        disk_gigabyte_second,
        request,
    })
}

impl Costs {
    /// The costs of a render without a known invocation.
    pub(super) fn none_yet(region: &str) -> Self {
        Self::formatted(0.0, region)
    }

    /// The costs of functions of `memory` MB that ran for `milliseconds` together, in this many `invocations`.
    ///
    /// None in a region, or for a size, without a price.
    pub(super) fn estimated(
        region: &str,
        memory: f64,
        milliseconds: f64,
        invocations: f64,
    ) -> Option<Self> {
        /// As the official client reckons, whatever disk the function has: of 10 GB, 512 MB are free.
        const DISK: f64 = 10_240.0 - 512.0;
        let prices = prices(region).filter(|_| (512.0..=10_240.0).contains(&memory))?;
        let run = prices.gigabyte_second * (memory * milliseconds / 1_000.0 / 1_024.0);
        let disk = DISK * prices.disk_gigabyte_second * (milliseconds / 1_000.0 / 1_024.0);
        let requests = prices.request * invocations;
        let accrued = rounded(run + disk + requests);
        accrued
            .is_finite()
            .then(|| Self::formatted(accrued, region))
    }

    /// The sum of estimates in a region, in its currency.
    #[must_use]
    pub fn sum(accrued: f64, region: &str) -> Self {
        Self::formatted(accrued, region)
    }

    fn formatted(accrued: f64, region: &str) -> Self {
        let (currency, sign) = if region.starts_with("cn-") {
            ("CNY", '¥')
        } else {
            ("USD", '$')
        };
        Self {
            accrued_so_far: accrued,
            display_cost: if accrued < 0.001 {
                format!("<{sign}0.001")
            } else {
                format!("{sign}{}", with_commas(accrued))
            },
            currency: currency.to_owned(),
            disclaimer: "Estimated cost only. Does not include charges for other AWS services."
                .to_owned(),
        }
    }
}

/// To five decimals, and of that five digits.
fn rounded(amount: f64) -> f64 {
    half_up(half_up(amount, |exponent| exponent + 6), |_| 5)
}

/// Keeps so many digits as `digits` says for the exponent of ten. A tie goes up, as in JavaScript; Rust's own formatting
/// goes to the even neighbour.
fn half_up(amount: f64, digits: impl Fn(i32) -> i32) -> f64 {
    // More digits than any tie has that a float can hold.
    let text = format!("{amount:.60e}");
    let parts = text.split_once('e').and_then(|(mantissa, exponent)| {
        Some((mantissa.replace('.', ""), exponent.parse::<i32>().ok()?))
    });
    let Some((mantissa, exponent)) = parts else {
        return amount;
    };
    let Ok(kept) = usize::try_from(digits(exponent)) else {
        return 0.0;
    };
    // Beyond the digits that an integer holds there is nothing to round.
    let Some((head, tail)) = mantissa.split_at_checked(kept).filter(|_| kept <= 30) else {
        return amount;
    };
    let head: u128 = if head.is_empty() {
        0
    } else {
        head.parse().unwrap_or_default()
    };
    let up = u128::from(tail.as_bytes().first().is_some_and(|digit| *digit >= b'5'));
    format!("{}e{}", head + up, exponent + 1 - digits(exponent))
        .parse()
        .unwrap_or(amount)
}

/// With three decimals, and a comma for every thousand. Half a thousandth goes up.
fn with_commas(amount: f64) -> String {
    // The shortest decimals that mean this float, as JavaScript's formatter takes it: 0.0115 is 0.012, though less in binary.
    let text = format!("{amount}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digit = |at: usize| u128::from(fraction.as_bytes().get(at).map_or(0, |digit| digit - b'0'));
    let thousandths = digit(0) * 100 + digit(1) * 10 + digit(2) + u128::from(digit(3) >= 5);
    let whole = whole
        .parse::<u128>()
        .unwrap_or(u128::MAX)
        .saturating_add(thousandths / 1_000);
    let whole = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{:03}", thousandths % 1_000)
}

#[cfg(test)]
mod tests {
    use super::{Costs, half_up, rounded, with_commas};

    #[test]
    #[expect(clippy::float_cmp, reason = "exact is the point")]
    fn rounding() {
        assert_eq!(rounded(0.0), 0.0);
        assert_eq!(rounded(0.000_004), 0.0);
        assert_eq!(rounded(0.000_006), 0.000_01);
        assert_eq!(rounded(0.123_456), 0.123_46);
        assert_eq!(rounded(4_044.123_4), 4_044.1);
        assert_eq!(rounded(1_234_567.0), 1_234_600.0);
        assert_eq!(rounded(9.999_999), 10.0);
        // Ties, exact in binary.
        assert_eq!(rounded(0.015_625), 0.015_63);
        assert_eq!(rounded(1.031_25), 1.031_3);
        // Less than it looks, in binary.
        assert_eq!(half_up(1.005, |exponent| exponent + 3), 1.0);
        assert_eq!(rounded(1.234_567e300), 1.234_6e300);
        assert_eq!(rounded(f64::MIN_POSITIVE), 0.0);
    }

    #[test]
    fn display() {
        assert_eq!(with_commas(0.001), "0.001");
        assert_eq!(with_commas(0.011_5), "0.012");
        assert_eq!(with_commas(0.999_5), "1.000");
        assert_eq!(with_commas(999.999_5), "1,000.000");
        assert_eq!(with_commas(1_234_567.5), "1,234,567.500");
        assert_eq!(Costs::none_yet("us-east-1").display_cost, "<$0.001");
        assert_eq!(Costs::none_yet("cn-north-1").display_cost, "<¥0.001");
    }

    #[test]
    fn without_a_price() {
        assert!(Costs::estimated("us-east-1", 2_048.0, 1e3, 1.0).is_some());
        assert!(Costs::estimated("eu-middle-1", 2_048.0, 1e3, 1.0).is_none());
        assert!(Costs::estimated("us-east-1", 511.0, 1e3, 1.0).is_none());
        assert!(Costs::estimated("us-east-1", 10_241.0, 1e3, 1.0).is_none());
        assert!(Costs::estimated("us-east-1", 2_048.0, f64::INFINITY, 1.0).is_none());
    }
}
