//! The closed sets of Remotion's options.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An enum over the names that Remotion takes for an option. serde's own message would read "unknown variant".
macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "Remotion's documentation says what each name means")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// Every value, in Remotion's order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Name::deserialize(deserializer)?.0.parse().map_err(serde::de::Error::custom)
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(given: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.as_str() == given).ok_or_else(|| {
                    let names: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("must be one of {}, not {given:?}", names.join(", "))
                })
            }
        }
    };
}

closed_set! {
    /// The output's codec. Lambda takes nine of Remotion's twelve.
    Codec { H264 = "h264", H265 = "h265", Vp8 = "vp8", Vp9 = "vp9", Mp3 = "mp3", Aac = "aac", Wav = "wav", Gif = "gif", ProRes = "prores" }
}

closed_set! {
    /// The codec of the audio track.
    AudioCodec { Pcm16 = "pcm-16", Aac = "aac", Mp3 = "mp3", Opus = "opus" }
}

closed_set! {
    /// The format of the frames that Chrome renders.
    ImageFormat { Png = "png", Jpeg = "jpeg", None = "none" }
}

closed_set! {
    /// The format of a still.
    StillImageFormat { Png = "png", Jpeg = "jpeg", Pdf = "pdf", Webp = "webp" }
}

closed_set! {
    /// How the encoder stores a pixel.
    PixelFormat {
        Yuv420p = "yuv420p", Yuva420p = "yuva420p", Yuv422p = "yuv422p", Yuv444p = "yuv444p",
        Yuv420p10le = "yuv420p10le", Yuv422p10le = "yuv422p10le", Yuv444p10le = "yuv444p10le", Yuva444p10le = "yuva444p10le",
    }
}

closed_set! {
    /// The quality and the features of a `ProRes` output.
    ProResProfile { FourXq = "4444-xq", Four = "4444", Hq = "hq", Standard = "standard", Light = "light", Proxy = "proxy" }
}

closed_set! {
    /// How long the H.264 encoder may think about a frame.
    X264Preset {
        Ultrafast = "ultrafast", Superfast = "superfast", Veryfast = "veryfast", Faster = "faster", Fast = "fast",
        Medium = "medium", Slow = "slow", Slower = "slower", Veryslow = "veryslow", Placebo = "placebo",
    }
}

closed_set! {
    /// The colour space of the output.
    ColorSpace { Default = "default", Bt601 = "bt601", Bt709 = "bt709", Bt2020Ncl = "bt2020-ncl" }
}

closed_set! {
    /// Who may read the output by its plain URL.
    Privacy { Public = "public", Private = "private", NoAcl = "no-acl" }
}

closed_set! {
    /// How much the render function writes to its log.
    LogLevel { Trace = "trace", Verbose = "verbose", Info = "info", Warn = "warn", Error = "error" }
}

closed_set! {
    /// When S3 deletes the output, by a rule on the prefix that the render id then carries.
    DeleteAfter { OneDay = "1-day", ThreeDays = "3-days", SevenDays = "7-days", ThirtyDays = "30-days" }
}

impl DeleteAfter {
    /// The days after which S3 deletes the files.
    #[must_use]
    pub const fn days(self) -> u64 {
        match self {
            Self::OneDay => 1,
            Self::ThreeDays => 3,
            Self::SevenDays => 7,
            Self::ThirtyDays => 30,
        }
    }
}

closed_set! {
    /// Chrome's renderer.
    OpenGlRenderer { Swangle = "swangle", Angle = "angle", Egl = "egl", Swiftshader = "swiftshader", Vulkan = "vulkan", AngleEgl = "angle-egl" }
}

closed_set! {
    /// The S3 storage class of the output.
    StorageClass {
        DeepArchive = "DEEP_ARCHIVE", ExpressOnezone = "EXPRESS_ONEZONE", FsxOntap = "FSX_ONTAP", FsxOpenzfs = "FSX_OPENZFS",
        Glacier = "GLACIER", GlacierIr = "GLACIER_IR", IntelligentTiering = "INTELLIGENT_TIERING", OnezoneIa = "ONEZONE_IA",
        Outposts = "OUTPOSTS", ReducedRedundancy = "REDUCED_REDUNDANCY", Snow = "SNOW", Standard = "STANDARD", StandardIa = "STANDARD_IA",
    }
}

/// The name of a value.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name(String);

#[cfg(test)]
mod tests {
    use super::{Codec, ProResProfile};

    #[test]
    fn parsed() {
        assert_eq!("prores".parse(), Ok(Codec::ProRes));
        let wrong = "h263".parse::<Codec>().expect_err("no codec of Remotion's");
        assert!(wrong.starts_with("must be one of h264, h265,"), "{wrong}");
    }

    #[test]
    fn closed_set() {
        assert_eq!(
            serde_json::from_str::<ProResProfile>(r#""4444-xq""#).expect("a profile"),
            ProResProfile::FourXq
        );
        assert_eq!(
            serde_json::to_string(&ProResProfile::FourXq).expect("text"),
            r#""4444-xq""#
        );
        assert_eq!(
            serde_json::from_str::<Codec>(r#""H264""#)
                .expect_err("a wrong case")
                .to_string(),
            r#"must be one of h264, h265, vp8, vp9, mp3, aac, wav, gif, prores, not "H264""#,
        );
    }
}
