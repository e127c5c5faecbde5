//! The table of routes: a route is defined in its entry here, and nowhere else.

use crate::batch::BatchId;
use crate::error::Error;
use crate::render::id::Id;
use lambda_http::http::Method;

/// A route of the API.
#[derive(Debug)]
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, as OpenAPI writes it.
    pub path: &'static str,
    /// Method and path, for the log.
    pub name: &'static str,
    /// What it does.
    pub operation: Operation,
    /// Who may use it.
    pub open_to: OpenTo,
    /// Whether it is to start a render or to make a still, and counts as one in the metrics.
    pub starts: bool,
}

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "`operations` has a file for each, which says it"
)]
pub enum Operation {
    Page,
    Start,
    List,
    Status,
    Cancel,
    Delete,
    Still,
    Compositions,
    Health,
    Usage,
    StartBatch,
    BatchStatus,
    CancelBatch,
    Hook,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenTo {
    /// Whoever can reach it.
    Anybody,
    /// A user that API Gateway has verified, and the operator admits.
    Users,
    /// Remotion's function, by its signature: a route of the function `ends`.
    Remotion,
}

/// From the table of routes: its entries, and which methods each path has.
macro_rules! routes {
    ($($path:literal { $($method:ident => $operation:ident, $open_to:ident $(, $starts:ident)?;)+ })+) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$($(Route {
            method: Method::$method,
            path: $path,
            name: concat!(stringify!($method), " ", $path),
            operation: Operation::$operation,
            open_to: OpenTo::$open_to,
            starts: routes!(@starts $($starts)?),
        },)+)+];

        /// The methods of each path, as `Allow` lists them.
        const ALLOWED: &[(&str, &str)] = &[$(($path, routes!(@list $($method)+)),)+];
    };
    (@starts starts) => { true };
    (@starts) => { false };
    (@list $first:ident $($more:ident)*) => { concat!(stringify!($first) $(, ", ", stringify!($more))*) };
}

routes! {
    "/" { GET => Page, Anybody; }
    "/render" {
        GET => List, Users;
        POST => Start, Users, starts;
    }
    "/render/{renderId}" {
        GET => Status, Users;
        DELETE => Delete, Users;
    }
    "/render/{renderId}/cancel" { POST => Cancel, Users; }
    "/still" { POST => Still, Users, starts; }
    "/batches" { POST => StartBatch, Users, starts; }
    "/batches/{batchId}" { GET => BatchStatus, Users; }
    "/batches/{batchId}/cancel" { POST => CancelBatch, Users; }
    "/compositions" { GET => Compositions, Users; }
    "/usage" { GET => Usage, Users; }
    "/health" { GET => Health, Users; }
    "/hooks/remotion" { POST => Hook, Remotion; }
}

/// A route, and what its path names.
#[derive(Debug)]
pub struct Matched {
    /// The route.
    pub route: &'static Route,
    /// What its path names.
    pub named: Named,
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// Nothing of anybody's.
    Nothing,
    /// A render.
    Render(Id),
    /// A batch.
    Batch(BatchId),
}

impl Named {
    /// The render, if it is one.
    #[must_use]
    pub const fn render(&self) -> Option<&Id> {
        match self {
            Self::Render(id) => Some(id),
            _ => None,
        }
    }
}

/// The route of a request.
///
/// # Errors
///
/// [`Error::NotFound`], [`Error::MethodNotAllowed`]; [`Error::RenderNotFound`] and [`Error::BatchNotFound`] where the
/// path names no id of one.
pub fn find(method: &Method, path: &str) -> Result<Matched, Error> {
    let (template, allowed) = ALLOWED
        .iter()
        .find(|(template, _)| fits(template, path))
        .ok_or(Error::NotFound)?;
    let named = named(template, path)?;
    let route = ROUTES
        .iter()
        .find(|route| route.path == *template && route.method == *method)
        .ok_or(Error::MethodNotAllowed(allowed))?;
    Ok(Matched { route, named })
}

/// Whether a path is of this template.
fn fits(template: &str, path: &str) -> bool {
    template.split('/').count() == path.split('/').count()
        && template
            .split('/')
            .zip(path.split('/'))
            .all(|(expected, segment)| expected.starts_with('{') || segment == expected)
}

/// What a path has in the place of its template's parameter.
fn named(template: &str, path: &str) -> Result<Named, Error> {
    let mut segments = template.split('/').zip(path.split('/'));
    let parameter = segments.find(|(expected, _)| expected.starts_with('{'));
    match parameter {
        None => Ok(Named::Nothing),
        Some(("{batchId}", id)) => BatchId::try_from(id)
            .map(Named::Batch)
            .map_err(|()| Error::BatchNotFound),
        Some((_, id)) => Id::try_from(id)
            .map(Named::Render)
            .map_err(|_| Error::RenderNotFound),
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::http::Method;

    use super::{Operation, find};
    use crate::error::Error;

    #[test]
    fn found() {
        let operation = |method, path| find(&method, path).map(|matched| matched.route.operation);
        assert!(matches!(operation(Method::GET, "/"), Ok(Operation::Page)));
        assert!(matches!(
            operation(Method::POST, "/render"),
            Ok(Operation::Start)
        ));
        let matched = find(&Method::DELETE, "/render/1pwhfhh11z").expect("a route");
        assert_eq!(matched.route.name, "DELETE /render/{renderId}");
        assert_eq!(
            matched.named.render().expect("an id").as_str(),
            "1pwhfhh11z"
        );
    }

    #[test]
    fn not_found() {
        for path in [
            "",
            "//",
            "/renders",
            "/render/",
            "/render/1pwhfhh11z/x",
            "/render/1pwhfhh11z/cancel/x",
        ] {
            let error = find(&Method::GET, path).expect_err("no route");
            assert!(
                matches!(error, Error::NotFound | Error::RenderNotFound),
                "{path}: {error}"
            );
        }
        assert!(matches!(
            find(&Method::GET, "/render/x"),
            Err(Error::RenderNotFound)
        ));
        assert!(matches!(
            find(&Method::PUT, "/render"),
            Err(Error::MethodNotAllowed("GET, POST"))
        ));
        assert!(matches!(
            find(&Method::POST, "/"),
            Err(Error::MethodNotAllowed("GET"))
        ));
    }
}
