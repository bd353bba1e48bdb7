//! Fetches models from a hub into the cache of the Hugging Face tools, and tells what lies there. In: `ORG/NAME@REVISION` and the address of a
//! hub, which nobody but the user names. Out: a folder with the model's files, each checked against the hash that the hub lists.
//!
//! First a [`Plan`], which only asks for the listing; then [`Plan::carry_out`]. Small files come first and weights last, each under its name only
//! when its hash is right, so an interrupted fetch never looks like a whole model.

mod cache;
mod choose;
mod digest;
mod download;
mod error;
mod hub;
mod inspect;
#[cfg(feature = "local")]
mod kind;
mod meter;
mod name;
mod part;
mod record;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use cache::{Cache, Snapshot};
pub use error::FetchError;
pub use hub::Patience;
pub use inspect::Facts;
#[cfg(feature = "local")]
pub(super) use kind::{KIND, folder};
pub use meter::Meter;
pub use name::ModelName;
pub use record::{Record, RecordedFile, State, check};

use digest::Digest;
use download::{Attempts, Job};
use hub::{Hub, Listed, Trouble};
use part::Part;

/// Smallest and largest piece of a file that is asked for at once; between them a file has 64 pieces.
const PIECES: (u64, u64, u64) = (64, 256 << 10, 16 << 20);

/// What to fetch, from where, to where.
#[derive(Clone)]
pub struct Order {
    /// The model.
    pub name: ModelName,
    /// This one file with the weights instead of the model's safetensors.
    pub file: Option<String>,
    /// Address of the hub; without one nothing is asked.
    pub endpoint: Option<String>,
    /// Secret for gated models; sent to the endpoint only.
    pub token: Option<String>,
    /// No network, whatever else is said.
    pub offline: bool,
    /// Where to.
    pub cache: Cache,
    /// Parts of one file that are fetched at the same time.
    pub connections: usize,
    /// Bytes in a piece; by the size of the file when absent.
    pub piece: Option<u64>,
    /// How long to wait for a silent or failing hub.
    pub patience: Patience,
}

impl Order {
    /// An order by the variables of the Hugging Face tools: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`, `HF_HUB_CACHE`, `HF_HOME`.
    pub fn from_environment(name: ModelName) -> Self {
        let variable = |name: &str| std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let offline = variable("HF_HUB_OFFLINE").is_some_and(|value| ["1", "on", "yes", "true"].contains(&value.to_lowercase().as_str()));
        Self {
            name,
            file: None,
            endpoint: variable("HF_ENDPOINT"),
            token: variable("HF_TOKEN"),
            offline,
            cache: Cache::from_environment(),
            connections: 4,
            piece: None,
            patience: Patience::default(),
        }
    }
}

/// What happens while a plan is made and carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A file is begun or gone on with.
    File {
        /// Its name.
        name: String,
        /// Bytes that are there from before.
        resumed: u64,
    },
    /// Another process fetches the same file.
    Waiting {
        /// Its name.
        name: String,
    },
    /// Bytes of the file have arrived.
    Arrived(u64),
    /// An attempt failed and is repeated after a pause.
    Trouble {
        /// Why.
        problem: String,
        /// The pause.
        pause: Duration,
    },
    /// All bytes of the file are there and are being hashed.
    Checking {
        /// Its name.
        name: String,
    },
}

/// What will be fetched.
pub struct Plan {
    order: Order,
    /// `None`: all is here and nobody needs to be asked.
    hub: Option<Hub>,
    /// The model at its commit, where it will lie.
    pub snapshot: Snapshot,
    /// The files it needs.
    pub files: Vec<Planned>,
}

/// A file in a [`Plan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Path within the model.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Whether it is in the cache already.
    pub there: bool,
    digest: Digest,
}

impl Plan {
    /// Find out what has to be fetched. The hub is asked for its listing, unless the cache has all of what is meant: a commit that is here, or
    /// a branch that is here while nobody may be asked.
    ///
    /// # Errors
    /// [`FetchError`]: nobody to ask, no such model, nothing in it that could be loaded.
    pub fn make(order: Order, tell: &(dyn Fn(Event) + Sync), stop: &AtomicBool) -> Result<Self, FetchError> {
        let here = order.cache.find(&order.name).ok().filter(|snapshot| snapshot.is_complete(order.file.as_deref()));
        let may_ask = !order.offline && order.endpoint.is_some();
        if let Some(snapshot) = here.filter(|_| order.name.is_pinned() || !may_ask) {
            return Ok(Self { order, hub: None, snapshot, files: Vec::new() });
        }
        let endpoint = match &order.endpoint {
            _ if order.offline => return Err(FetchError::Offline { name: order.name.clone() }),
            None => return Err(FetchError::NoEndpoint),
            Some(endpoint) => endpoint,
        };
        let hub = Hub::new(endpoint, order.token.clone(), order.patience)?;
        let ask = Asking { patience: order.patience, tell, stop };
        let listing = ask.again_and_again("listing", || hub.list(&order.name))?;
        let name = order.name.at(&listing.commit);
        let mut files = Vec::new();
        for mut listed in choose::choose(&name, listing.files, order.file.as_deref())? {
            if listed.size.is_none() || listed.digest.is_none() {
                listed = ask.again_and_again(&listed.name, || hub.describe(&name, &listed.name))?;
            }
            files.push(planned(&order.cache, &hub, &name, listed)?);
        }
        Ok(Self { snapshot: order.cache.snapshot(&name), order, hub: Some(hub), files })
    }

    /// Address of the hub that was asked; `None` where nobody was.
    pub fn endpoint(&self) -> Option<&str> {
        self.hub.as_ref().map(Hub::endpoint)
    }

    /// Bytes to be fetched.
    pub fn to_fetch(&self) -> u64 {
        self.files.iter().filter(|file| !file.there).map(|file| file.size).sum()
    }

    /// Hosts that have sent files.
    pub fn served_by(&self) -> Vec<String> {
        self.hub.as_ref().map(Hub::served).unwrap_or_default()
    }

    /// Fetch what is missing, check it, put it in its place and record it.
    ///
    /// # Errors
    /// [`FetchError`]; whatever arrived whole stays, and making and carrying out the same plan goes on from there.
    pub fn carry_out(&self, tell: &(dyn Fn(Event) + Sync), stop: &AtomicBool) -> Result<(), FetchError> {
        let Some(hub) = &self.hub else { return Ok(()) };
        let (order, name) = (&self.order, &self.snapshot.name);
        for file in self.files.iter().filter(|file| !file.there) {
            self.bring(hub, file, tell, stop)?;
        }
        if !self.snapshot.is_complete(order.file.as_deref()) {
            let file = self.snapshot.weights().err().unwrap_or_else(|| "config.json".to_owned());
            let help = "the model is incomplete on the hub; name another revision".to_owned();
            return Err(FetchError::NoFile { name: name.clone(), file, help });
        }
        if !order.name.is_pinned() {
            order.cache.note(&order.name, &name.revision)?;
        }
        let recorded = Record::read(&order.cache, name)?.is_some();
        if recorded && self.files.iter().all(|file| file.there) {
            return Ok(());
        }
        let mut record = Record::new(&order.name, &name.revision, hub.endpoint());
        record.served_by = hub.served();
        let files = self.files.iter();
        record.files =
            files.map(|file| RecordedFile { name: file.name.clone(), size: file.size, hash: file.digest.hex().to_owned() }).collect();
        record.write(&order.cache, name)
    }

    fn bring(&self, hub: &Hub, file: &Planned, tell: &(dyn Fn(Event) + Sync), stop: &AtomicBool) -> Result<(), FetchError> {
        let Self { order: Order { cache, patience, connections, piece, .. }, snapshot: Snapshot { name, .. }, .. } = self;
        let hash = file.digest.hex();
        let blob = cache.blob(name, hash);
        let _lock = cache.lock(name, hash, &|| tell(Event::Waiting { name: file.name.clone() }))?;
        if !has_size(&blob, file.size) {
            cache::create_folder_of(&blob)?;
            let (count, least, most) = PIECES;
            let part = Part::open(&blob, file.size, piece.unwrap_or((file.size / count).clamp(least, most)))?;
            tell(Event::File { name: file.name.clone(), resumed: part.resumed() });
            let (digest, file) = (&file.digest, file.name.as_str());
            let job = Job { hub, name, file, digest, patience: *patience, connections: *connections, tell, stop };
            download::download(&job, &part)?;
            tell(Event::Checking { name: file.to_owned() });
            part.finish(file, digest)?;
        } else {
            tell(Event::File { name: file.name.clone(), resumed: file.size });
        }
        cache.link(name, &file.name, hash)
    }
}

fn planned(cache: &Cache, hub: &Hub, name: &ModelName, listed: Listed) -> Result<Planned, FetchError> {
    let Listed { name: file, size: Some(size), digest: Some(digest) } = listed else {
        let problem = format!("it says neither size nor hash of {}, so the file could not be checked", listed.name);
        return Err(FetchError::Answer { host: hub.host(), problem });
    };
    let there = has_size(&cache.snapshot(name).folder.join(&file), size);
    Ok(Planned { name: file, size, there, digest })
}

fn has_size(path: &std::path::Path, size: u64) -> bool {
    path.metadata().is_ok_and(|data| data.is_file() && data.len() == size)
}

/// Questions that are repeated until there is an answer.
struct Asking<'a> {
    patience: Patience,
    tell: &'a (dyn Fn(Event) + Sync),
    stop: &'a AtomicBool,
}

impl Asking<'_> {
    fn again_and_again<T>(&self, label: &str, ask: impl Fn() -> Result<T, Trouble>) -> Result<T, FetchError> {
        let mut attempts = Attempts::new(self.patience, label, 0);
        loop {
            match ask() {
                Ok(answer) => return Ok(answer),
                Err(trouble) => attempts.failed(trouble, false, self.tell, &|| self.stop.load(Ordering::Relaxed))?,
            }
        }
    }
}
