//! What the encoders of Remotion's `FFmpeg` do not take, or store as something else.

use serde_json::{Value, json};

use super::violations;
use crate::harness::{Deployment, STARTED};

#[test]
fn transparent_pro_res() {
    let of = |profile: Value| {
        violations(
            &json!({"codec": "prores", "imageFormat": "png", "pixelFormat": "yuva444p10le", "proResProfile": profile}),
        )
    };
    let told = "/pixelFormat With the codec prores, yuva444p10le needs the proResProfile 4444 or 4444-xq: the others store no alpha.";
    assert_eq!(of(json!("hq")), [told]);
    assert_eq!(of(json!(null)), [told]);
    for profile in ["4444", "4444-xq"] {
        let body = json!({"codec": "prores", "imageFormat": "png", "pixelFormat": "yuva444p10le", "proResProfile": profile});
        assert_eq!(
            Deployment::new().answering(STARTED).post(&body).status(),
            200
        );
    }
}

/// Each was tried on the `FFmpeg` that Remotion brings: it fails when all frames have been rendered, or stores another video.
#[test]
fn what_the_encoders_do_not_take() {
    let mp3 = "/sampleRate The sample rate of the audio codec mp3 must be one of 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, not 96000.";
    let bitrate = "/videoBitrate videoBitrate must be a number below 1000 followed by M, or below 1000000 followed by K or k, such as 320k.";
    let transparent =
        "/pixelFormat yuva444p10le goes with the codecs prores, vp8 and vp9, not with h264.";
    for (body, told) in [
        (json!({"codec": "mp3", "sampleRate": 96_000}), mp3),
        (
            json!({"codec": "h264", "separateAudioTo": "a.mp3", "sampleRate": 96_000}),
            mp3,
        ),
        (
            json!({"sampleRate": 192_000}),
            "/sampleRate The sample rate of the audio codec aac must be one of 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000, not 192000.",
        ),
        (
            json!({"codec": "gif", "numberOfGifLoops": 65_536}),
            "/numberOfGifLoops numberOfGifLoops must be a whole number from 0 to 65535, not 65536.",
        ),
        (
            json!({"gopSize": 2_147_483_648_u64}),
            "/gopSize gopSize must be a whole number from 1 to 2147483647, not 2147483648.",
        ),
        (json!({"videoBitrate": "1000M"}), bitrate),
        (
            json!({"imageFormat": "png", "pixelFormat": "yuva444p10le"}),
            transparent,
        ),
        (
            json!({"codec": "vp9", "forceWidth": 100, "scale": 0.001}),
            "/forceWidth forceWidth is too small: with the scale 0.001, less than a pixel is left of it.",
        ),
        (
            json!({"forceWidth": 100, "scale": 0.01}),
            "/forceWidth forceWidth is too small: the codec h264 wants an even number of pixels.",
        ),
        (
            json!({"metadata": {"title": "a\u{0}"}}),
            "/metadata/title metadata.title must not contain the character NUL.",
        ),
    ] {
        assert_eq!(violations(&body), [told], "{body}");
    }
    for body in [
        json!({"codec": "wav", "sampleRate": 192_000}),
        json!({"muted": true, "sampleRate": 192_000}),
        json!({"preferLossless": true, "sampleRate": 192_000}),
        json!({"codec": "vp9", "imageFormat": "png", "pixelFormat": "yuva444p10le"}),
        json!({"codec": "vp9", "forceWidth": 100, "scale": 0.01}),
    ] {
        let answer = Deployment::new().answering(STARTED).post(&body);
        assert_eq!(answer.status(), 200, "{body}");
    }
}
