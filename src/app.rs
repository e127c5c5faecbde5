//! The deployment: everything that requests share.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::{Region, SdkConfig};
use remotion_lambda::aws::{CallFailure, RenderFunction, Storage};
use remotion_lambda::options::objects::{Verbatim, Webhook};
use remotion_lambda::progress::Location;
use remotion_lambda::routines::compositions::Composition;
use remotion_lambda::{
    BucketName, OversizedProps, Release, RenderOptions, SerializedInputProps, Version,
};
use tokio::time::Instant;

use crate::access::identity::Caller;
use crate::access::policy::RenderPolicy;
use crate::access::terms::QueueTerms;
use crate::access::users::Users;
use crate::aws::ahead::Opener;
use crate::aws::connector::IDLE;
use crate::aws::dispatcher::Dispatcher;
use crate::aws::endpoints;
use crate::aws::limits::limited;
use crate::aws::service::Service;
use crate::bounds::{GRACE, LONGEST_FUNCTION};
use crate::clock::{self, milliseconds};
use crate::config::Config;
use crate::ends::bus::EventBus;
use crate::error::Error;
use crate::gateway::path::BasePath;
use crate::gateway::response::About;
use crate::hook::{Hook, Tag};
use crate::page::brand::Brand;
use crate::page::{Page, SignIn};
use crate::remembered::Remembered;
use crate::render::id::Id;
use crate::render::lease::Lease;
use crate::render::{Phase, Render, SavedAs};
use crate::table::RendersTable;

/// How long the compositions are remembered: opening the site costs an invocation and some seconds.
const COMPOSITIONS: Duration = Duration::from_mins(1);

/// How long the health is remembered: it costs an invocation.
const HEALTH: Duration = Duration::from_secs(10);

/// A deployment.
#[derive(Debug)]
pub struct App {
    /// Whose users may call.
    pub users: Users,
    /// What callers may do.
    pub policy: RenderPolicy,
    /// Remotion's function.
    pub function: RenderFunction,
    /// S3.
    pub storage: Storage,
    /// Who owns which render; `None` where the operator has set no table.
    pub table: Option<RendersTable>,
    /// The hook that Remotion calls when a render has ended; `None` if the operator has set none.
    pub hook: Option<Hook>,
    /// The bus that receives each end; `None` if the operator has set none.
    pub bus: Option<EventBus>,
    /// The terms of the queue; `None` if there is none.
    pub queue: Option<QueueTerms>,
    /// Who is woken to look at the queue.
    pub dispatcher: Option<Dispatcher>,
    /// What the site can render.
    pub compositions: Remembered<Vec<Composition>>,
    /// The release of Remotion's function, when it was last asked.
    pub health: Remembered<Version>,
    /// How long AWS keeps a launch that it cannot run yet.
    pub max_event_age: Duration,
    /// The prefix of the path on a custom domain.
    pub base_path: Option<BasePath>,
    /// Where the users of the page sign in; `None` if the operator has turned the page off.
    pub sign_in: Option<SignIn>,
    /// How the page presents itself.
    pub brand: Brand,
    /// The operator's own bucket for outputs.
    pub output_bucket: Option<BucketName>,
    /// Remotion's bucket.
    pub bucket_name: Option<BucketName>,
    sdk: SdkConfig,
    /// The region of Remotion's function and bucket.
    remotion_region: Option<Region>,
    opener: Option<Opener>,
    /// When the function was last invoked.
    invoked: Last,
    /// When the table was last written without a claim.
    recorded: Last,
}

/// When something was last done, after which its connection stays open for a while.
#[derive(Debug, Default)]
struct Last(Mutex<Option<Instant>>);

impl Last {
    /// It is done now. Whether no connection is left of the time before.
    fn is_long_ago(&self) -> bool {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.replace(now).is_none_or(|last| now - last >= IDLE)
    }
}

impl App {
    /// A deployment that reaches AWS as `sdk` says.
    #[must_use]
    pub fn new(config: Config, sdk: &SdkConfig) -> Self {
        let sdk = limited(sdk);
        // Remotion's function has its bucket in its own region, which its ARN names.
        let region = config
            .function
            .region()
            .map(|name| Region::new(name.to_owned()));
        let remotion_region = region.or_else(|| sdk.region().cloned());
        let at_remotions = sdk.to_builder().region(remotion_region.clone()).build();
        Self {
            users: config.users,
            policy: config.policy,
            function: RenderFunction::new(&at_remotions, config.function, config.version),
            storage: Storage::new(at_remotions).with_url_ttl(config.output_url_ttl),
            table: config
                .renders_table
                .map(|name| RendersTable::new(sdk.clone(), name, config.terms)),
            bus: config
                .event_bus_name
                .map(|name| EventBus::new(sdk.clone(), name)),
            hook: config.hook,
            queue: config.queue,
            dispatcher: config
                .dispatch_function_name
                .map(|name| Dispatcher::new(sdk.clone(), name)),
            compositions: Remembered::for_a(COMPOSITIONS),
            health: Remembered::for_a(HEALTH),
            max_event_age: config.max_event_age,
            base_path: config.base_path,
            sign_in: config.sign_in,
            brand: config.brand,
            output_bucket: config.output_bucket_name,
            bucket_name: config.bucket_name,
            sdk,
            remotion_region,
            opener: None,
            invoked: Last::default(),
            recorded: Last::default(),
        }
    }

    /// The same, which opens connections before they are needed.
    #[must_use]
    pub fn opening_ahead(mut self, opener: Opener) -> Self {
        self.opener = Some(opener);
        self
    }

    /// Begins to open a connection to Remotion's function, which will be invoked soon, where none can be open.
    pub async fn expect_invocation(&self) {
        let Some(opener) = &self.opener else {
            return;
        };
        if self.invoked.is_long_ago() {
            let region = self.remotion_region.clone();
            let sdk = self.sdk.to_builder().region(region).build();
            if let Some(url) = endpoints::lambda(&sdk).await {
                opener.open_ahead(&url);
            }
        }
    }

    /// Begins to open a connection to the table, which will be written when the render has started, where none can be open.
    pub async fn expect_record(&self, table: &RendersTable) {
        if let Some(opener) = &self.opener
            && self.recorded.is_long_ago()
            && let Some(url) = table.url().await
        {
            opener.open_ahead(&url);
        }
    }

    /// The region of Remotion's function, which has prices.
    #[must_use]
    pub fn remotion_region(&self) -> &str {
        self.remotion_region.as_ref().map_or("", AsRef::as_ref)
    }

    /// The page to render from. Made when it is asked for: a start pays nothing.
    ///
    /// # Errors
    ///
    /// As for [`Storage::origin`].
    pub async fn page(&self, sign_in: &SignIn) -> Result<Page, Error> {
        let mut outputs = Vec::new();
        for bucket in [&self.bucket_name, &self.output_bucket]
            .into_iter()
            .flatten()
        {
            outputs.push(self.storage.origin(bucket.as_str()).await?);
        }
        let outputs = outputs.join(" ");
        let pool = match sign_in {
            SignIn::Oidc(client) => return Ok(Page::of_issuer(client, &self.brand, &outputs)),
            SignIn::Cognito(pool) => pool,
        };
        // The pool may be one of another region, which its id names.
        let of_pool = pool.id.split_once('_');
        let region = of_pool.map(|(region, _)| Region::new(region.to_owned()));
        let region = region.or_else(|| self.sdk.region().cloned());
        let at_the_pool = self.sdk.to_builder().region(region.clone()).build();
        let cognito = endpoints::cognito(&at_the_pool).await.unwrap_or_default();
        let region = region.as_ref().map_or("", AsRef::as_ref);
        Ok(Page::of_pool(pool, &self.brand, region, &cognito, &outputs))
    }

    /// The table of renders.
    ///
    /// # Errors
    ///
    /// [`Error::RendersTableNotConfigured`] where the operator has set none.
    pub fn table(&self) -> Result<&RendersTable, Error> {
        self.table.as_ref().ok_or(Error::RendersTableNotConfigured)
    }

    /// Puts props that are too large to travel into Remotion's bucket.
    ///
    /// # Errors
    ///
    /// [`Error::PropsTooLarge`] where the operator has named no bucket, [`Error::PropsNotStored`] where the role may not;
    /// [`Error::Call`].
    pub async fn put_props(
        &self,
        props: OversizedProps<'_>,
        deadline: Instant,
    ) -> Result<SerializedInputProps, Error> {
        let bucket = self.bucket_name.as_ref().ok_or(Error::PropsTooLarge {
            bytes: props.bytes,
            limit: props.limit,
        })?;
        let text = props.text.to_owned();
        let put = self.storage.put_props(bucket, text, deadline).await;
        put.map_err(|error| {
            let denied = error.failure == CallFailure::Denied;
            let error = Service::Bucket.failed(error);
            if denied {
                Error::PropsNotStored(error)
            } else {
                error.into()
            }
        })
    }

    /// The webhook with which a render tells that it has ended, where there is a hook.
    #[must_use]
    pub fn webhook(
        &self,
        caller: &Caller,
        id: Option<&Id>,
        lease: Option<&Lease>,
    ) -> Option<Verbatim<Webhook>> {
        self.hook.as_ref()?.webhook(&Tag {
            owner: caller.owner.clone(),
            user: caller.user.clone(),
            actor: caller.actor.clone(),
            id: id.cloned(),
            lease: lease.cloned(),
        })
    }

    /// How many functions a render with these options runs at once, at most.
    #[must_use]
    pub fn weight(&self, options: &RenderOptions) -> u32 {
        let version = self.function.known_version();
        let release = version.map_or(Release::OLDEST, |version| version.release());
        options.functions_at_once(release)
    }

    /// A render of this deployment's function, of which only this is known.
    #[must_use]
    pub fn unknown_render(&self, id: Id, phase: Phase, user: String) -> Render {
        let version = self.function.known_version();
        let version = version.unwrap_or_else(Version::newest);
        let function_name = self.function.name().as_str().to_owned();
        Render::unknown(id, phase, user, function_name, version)
    }

    /// When somebody is to look whether a render has ended, in milliseconds since 1970: when the time of its function has passed.
    /// `None` where nobody does.
    #[must_use]
    pub fn look_at(&self, render: &Render) -> Option<u64> {
        self.hook.as_ref()?;
        let time = self.function.name().timeout().unwrap_or(LONGEST_FUNCTION);
        let time = milliseconds(time + GRACE);
        Some(render.started_at.saturating_add(time))
    }

    /// A link to the output of a render that is known to be done; `None` where there is no link to it.
    ///
    /// # Errors
    ///
    /// As for [`Storage::signed_url`].
    pub async fn output_url(&self, render: &Render) -> Result<Option<String>, Error> {
        match render.linkable(clock::now_ms()) {
            Some(output) => Ok(Some(self.link(render, output).await?)),
            None => Ok(None),
        }
    }

    /// A link to an output of a render.
    ///
    /// # Errors
    ///
    /// As for [`Storage::signed_url`].
    pub async fn link(&self, render: &Render, output: &Location) -> Result<String, Error> {
        let Location { bucket, key } = output;
        let disposition = render.saved_as.as_ref().map(SavedAs::disposition);
        Ok(self.storage.signed_url_as(bucket, key, disposition).await?)
    }

    /// The log fields of a failure: the render that has started all the same, and the function whose log has the reason.
    #[must_use]
    pub fn about_failure(&self, error: &Error) -> About {
        let of_function = error.is_of_the_render_function();
        About {
            render_id: match error {
                Error::NotRecorded { render_id, .. } => Some(render_id.clone()),
                _ => None,
            },
            render_function: of_function.then(|| self.function.name().as_str().to_owned()),
            ..About::default()
        }
    }
}
