//! How many functions a render uses.

use super::table::RenderOptions;
use crate::version::Release;

/// From which release on a render of a single renderer runs in the function that launches it.
const SINGLE_SINCE: Release = Release::new(4, 0, 517);

/// The most renderers that the launch plans by itself. Source: `bestFramesPerFunctionParam()` of `@remotion/serverless-client`.
const PLANNED: u32 = 150;

/// The most renderers that a render may have.
const MOST: u32 = 200;

impl RenderOptions {
    /// The most functions that the render has running at once, on a function of this release: its renderers, and the one that
    /// launches them. A short render takes fewer.
    ///
    /// Without `concurrency`, Remotion plans by the frames, which are known only in the launch.
    #[must_use]
    pub fn functions_at_once(&self, release: Release) -> u32 {
        let concurrency = self.concurrency.as_ref().map(|whole| whole.get());
        match concurrency.and_then(|renderers| u32::try_from(renderers).ok()) {
            Some(1) if release >= SINGLE_SINCE && self.renderer_function_name.is_none() => 1,
            Some(renderers) => renderers + 1,
            None if self.frames_per_lambda.is_some() => MOST + 1,
            None => PLANNED + 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Object;
    use crate::options::RenderOptions;
    use crate::version::Release;

    #[test]
    fn functions() {
        let of = |text: &str, patch| {
            let object = Object::parse(text.as_bytes()).expect("an object");
            let options = RenderOptions::parse(&object).expect("valid options");
            options.functions_at_once(Release::new(4, 0, patch))
        };
        assert_eq!(of(r#"{"concurrency":5}"#, 527), 6);
        assert_eq!(of(r#"{"concurrency":1}"#, 527), 1);
        assert_eq!(of(r#"{"concurrency":1}"#, 516), 2);
        assert_eq!(
            of(r#"{"concurrency":1,"rendererFunctionName":"f"}"#, 527),
            2
        );
        assert_eq!(of("{}", 527), 152);
        assert_eq!(of(r#"{"framesPerLambda":20}"#, 527), 201);
    }
}
