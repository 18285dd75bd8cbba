//! The desk itself: the ports, the packs, the products and the settings that every use case works with.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use mingbai_core::borrow::script::Script;
use mingbai_core::govern::review::checklist::Checklist;
use mingbai_core::policy::Pack;
use mingbai_core::text::both;
use mingbai_core::trust::complaint::taxonomy::Taxonomy;
use mingbai_cost::Words;
use mingbai_evidence::Digest;
use mingbai_evidence::national::{self, Seal};
use mingbai_evidence::note::Checkpoint;
use mingbai_evidence::passkey::Relying;
use mingbai_lint::Book;
use uuid::Uuid;

use crate::error::DeskError;
use crate::learn::Room;
use crate::ports::{OutboxItem, PaperEyes, Ports, RecordingInspector, Recordings, Signatures, Task, Traces};
use crate::product::Product;
use crate::publishing::Publishing;
use crate::staff::StaffRules;
use crate::stamping::Stamping;
use crate::trust::bulletins::Shelf;
use crate::trust::complaint::Tries;
use crate::trust::ring::Rings;

/// Whom a borrower can ask, as pages and papers print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LenderContact {
    /// Name of the institution.
    pub name: Words,
    /// Telephone for questions.
    pub phone: String,
    /// Telephone for complaints.
    pub complaint_phone: String,
}

/// Where the core system wants to hear from us.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookTarget {
    /// Address.
    pub url: String,
    /// Shared secret of at least 16 bytes; signs every message.
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for WebhookTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookTarget").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Settings of one installation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What stands before every link, without a slash at the end.
    pub base_url: String,
    /// Whom to ask.
    pub lender: LenderContact,
    /// The core system's listener; `None` = nobody listens, and no message is queued.
    pub webhook: Option<WebhookTarget>,
}

/// How long a borrower's link lives: long enough to think about it at home.
pub const LINK_DAYS: i64 = 7;
/// How long a call-back link lives.
pub const CALLBACK_LINK_DAYS: i64 = 14;
/// How long a borrower's session lives, in minutes, whatever she does.
pub const BORROWER_SESSION_MINUTES: i64 = 12 * 60;
/// Milliseconds in a minute.
pub(crate) const MINUTE_MS: i64 = 60_000;
/// Milliseconds in a day.
pub(crate) const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Shortest webhook secret, in bytes.
const SECRET_MIN: usize = 16;

/// Every use case is a method of this value. Cheap to share: put it into an `Arc`.
pub struct Desk {
    pub(crate) ports: Ports,
    packs: Vec<Arc<Pack>>,
    products: BTreeMap<(String, String), Arc<Product>>,
    /// The version of each product that new journeys use: the one given last.
    current: BTreeMap<String, String>,
    pub(crate) settings: Settings,
    pub(crate) stamping: Option<Stamping>,
    pub(crate) publishing: Option<Publishing>,
    seal: Option<Arc<dyn Seal + Send + Sync>>,
    signatures: Option<Arc<dyn Signatures>>,
    pub(crate) traces: Option<Arc<dyn Traces>>,
    pub(crate) rules: StaffRules,
    pub(crate) recordings: Option<Arc<dyn Recordings>>,
    pub(crate) inspector: Option<Arc<dyn RecordingInspector>>,
    /// Of so many parts that passed, a person looks at about one; `None` = at none.
    pub(crate) recording_sample: Option<NonZeroU32>,
    pub(crate) scripts: Vec<Script>,
    pub(crate) causes: Taxonomy,
    pub(crate) checklist: Checklist,
    pub(crate) own_rules: Option<Book>,
    pub(crate) tries: Tries,
    pub(crate) shelf: Shelf,
    pub(crate) eyes: Option<Arc<dyn PaperEyes>>,
    pub(crate) room: Room,
    pub(crate) rings: Option<Rings>,
}

impl Desk {
    /// Puts a desk together. New journeys are opened under the last pack; the others serve journeys opened under them.
    /// Of several versions of a product, the one given last is offered.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] without any pack, with a base address that is not one, with a short webhook secret, or with
    /// two different files for one product version.
    pub fn new(
        ports: Ports,
        packs: Vec<Pack>,
        products: Vec<Product>,
        settings: Settings,
    ) -> Result<Self, DeskError> {
        if packs.is_empty() {
            let words = both("至少要加载一个规则包。", "Load at least one policy pack.");
            return Err(DeskError::invalid("packs", words));
        }
        check_settings(&settings)?;
        let mut desk = Desk {
            ports,
            packs: packs.into_iter().map(Arc::new).collect(),
            products: BTreeMap::new(),
            current: BTreeMap::new(),
            settings,
            stamping: None,
            publishing: None,
            seal: None,
            signatures: None,
            traces: None,
            rules: StaffRules::default(),
            recordings: None,
            inspector: None,
            recording_sample: None,
            scripts: Vec::new(),
            causes: Taxonomy::shipped(),
            checklist: Checklist::shipped(),
            own_rules: None,
            tries: Tries::default(),
            shelf: Shelf::default(),
            eyes: None,
            room: Room::default(),
            rings: None,
        };
        for product in products {
            desk.add_product(product)?;
        }
        Ok(desk)
    }

    fn add_product(&mut self, product: Product) -> Result<(), DeskError> {
        let key = (product.id().to_owned(), product.version().to_owned());
        if self.products.get(&key).is_some_and(|known| known.digest() != product.digest()) {
            let (id, version) = key;
            let words = both(
                format!("产品 {id} 的 {version} 版有两个不同的文件;改动过的文件要用新的版本号。"),
                format!(
                    "There are two files for product {id} version {version}; a changed file needs a new version."
                ),
            );
            return Err(DeskError::invalid("products", words));
        }
        self.current.insert(key.0.clone(), key.1.clone());
        self.products.insert(key, Arc::new(product));
        Ok(())
    }

    /// How staff is let in, if not by the built-in rules.
    #[must_use]
    pub fn with_staff_rules(mut self, rules: StaffRules) -> Self {
        self.rules = rules;
        self
    }

    /// How staff is let in.
    #[must_use]
    pub fn staff_rules(&self) -> StaffRules {
        self.rules
    }

    /// This house as authenticators know it: the host of its address, and where its pages come from.
    #[must_use]
    pub fn relying(&self) -> Relying {
        let base = &self.settings.base_url;
        let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
        let authority = rest.split('/').next().unwrap_or(rest);
        let id = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        Relying { id: id.to_owned(), origin: format!("{scheme}://{authority}") }
    }

    /// Whether browsers let this house use passkeys: they want a name, not a number, and https unless it is this very machine.
    #[must_use]
    pub fn passkeys_possible(&self) -> bool {
        let Relying { id, origin } = self.relying();
        let named = id.parse::<std::net::IpAddr>().is_err() && !id.starts_with('[');
        named && (origin.starts_with("https://") || id == "localhost")
    }

    /// Gives the desk a seal: every package then carries a second signature of its checkpoint, with SM2 and SM3.
    #[must_use]
    pub fn with_seal(mut self, seal: Arc<dyn Seal + Send + Sync>) -> Self {
        self.seal = Some(seal);
        self
    }

    /// Lets borrowers sign on their own devices. Without, they sign in ink at the branch.
    #[must_use]
    pub fn with_signatures(mut self, signatures: Arc<dyn Signatures>) -> Self {
        self.signatures = Some(signatures);
        self
    }

    /// Lets the desk see one device or one hand in several cases. Without, nobody signs on her own device: a copied signature
    /// would go unseen.
    #[must_use]
    pub fn with_traces(mut self, traces: Arc<dyn Traces>) -> Self {
        self.traces = Some(traces);
        self
    }

    /// Lets journeys be recorded in the browser, with these reviewed scripts. Without, only a branch's own recording can be attested.
    #[must_use]
    pub fn with_recordings(mut self, recordings: Arc<dyn Recordings>, scripts: Vec<Script>) -> Self {
        self.recordings = Some(recordings);
        self.scripts = scripts;
        self
    }

    /// Gives the desk a machine that looks at recordings. Without, a person looks at every part; with it, at about one of `sample` parts
    /// in which it found nothing (`None` = at none of these).
    #[must_use]
    pub fn with_inspector(
        mut self,
        inspector: Arc<dyn RecordingInspector>,
        sample: Option<NonZeroU32>,
    ) -> Self {
        self.inspector = Some(inspector);
        self.recording_sample = sample;
        self
    }

    /// Gives the desk eyes for papers that come back. Without, none are taken: a picture that nothing looked at proves nothing.
    #[must_use]
    pub fn with_eyes(mut self, eyes: Arc<dyn PaperEyes>) -> Self {
        self.eyes = Some(eyes);
        self
    }

    /// Looks at what applications share with others. Without, no identifier is taken.
    #[must_use]
    pub fn with_rings(mut self, rings: Rings) -> Self {
        self.rings = Some(rings);
        self
    }

    /// Whether papers that come back can be looked at.
    #[must_use]
    pub fn has_eyes(&self) -> bool {
        self.eyes.is_some()
    }

    /// Sorts complaints by another list of causes than the shipped one.
    #[must_use]
    pub fn with_causes(mut self, causes: Taxonomy) -> Self {
        self.causes = causes;
        self
    }

    /// Reviews materials by another checklist than the shipped one.
    #[must_use]
    pub fn with_checklist(mut self, checklist: Checklist) -> Self {
        self.checklist = checklist;
        self
    }

    /// Holds materials against other rules than the shipped ones.
    #[must_use]
    pub fn with_marketing_rules(mut self, rules: Book) -> Self {
        self.own_rules = Some(rules);
        self
    }

    /// The checklist in force.
    #[must_use]
    pub fn checklist(&self) -> &Checklist {
        &self.checklist
    }

    /// The list of causes in force.
    #[must_use]
    pub fn causes(&self) -> &Taxonomy {
        &self.causes
    }

    /// The scripts that are loaded.
    #[must_use]
    pub fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// Who makes and reads signatures inside PDFs; `None` when this house has no authority.
    #[must_use]
    pub fn signatures(&self) -> Option<&Arc<dyn Signatures>> {
        self.signatures.as_ref()
    }

    /// The checkpoint `size`, `root` signed with SM2, as a note of its own; `None` without a seal.
    ///
    /// # Errors
    /// [`DeskError::Note`] when the seal refuses or its signature does not hold.
    pub(crate) fn second_note(&self, size: u64, root: Digest) -> Result<Option<String>, DeskError> {
        let Some(seal) = &self.seal else { return Ok(None) };
        let checkpoint = Checkpoint::new(self.ports.signer.log().name(), size, root)?;
        Ok(Some(national::sign(&checkpoint, seal.as_ref())?))
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The pack that new journeys are opened under.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "Desk::new refuses an empty list and nothing removes from it"
    )]
    pub fn pack(&self) -> &Arc<Pack> {
        &self.packs[self.packs.len() - 1]
    }

    /// The pack that a journey was opened under.
    #[must_use]
    pub fn pack_by_digest(&self, digest: &Digest) -> Option<&Arc<Pack>> {
        self.packs.iter().find(|pack| pack.digest().as_bytes() == digest.as_bytes())
    }

    /// The products on offer, one version of each, by id.
    pub fn products(&self) -> impl Iterator<Item = &Arc<Product>> {
        self.current.iter().filter_map(|(id, version)| self.products.get(&(id.clone(), version.clone())))
    }

    /// Every loaded version of every product.
    pub fn product_versions(&self) -> impl Iterator<Item = &Arc<Product>> {
        self.products.values()
    }

    /// A product; without a version, the one on offer.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn product(&self, id: &str, version: Option<&str>) -> Result<&Arc<Product>, DeskError> {
        let version = version.or_else(|| self.current.get(id).map(String::as_str)).unwrap_or_default();
        self.products.get(&(id.to_owned(), version.to_owned())).ok_or_else(|| {
            let id: String = id.chars().take(60).collect();
            DeskError::NotFound(both(
                format!("没有产品“{id}”的这个版本;请查看产品列表。"),
                format!("There is no such version of product {id:?}; look at the list of products."),
            ))
        })
    }

    /// Now, unix ms.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.ports.clock.now_ms()
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.ports.dice.fill(&mut bytes);
        bytes
    }

    pub(crate) fn seed(&self) -> u64 {
        // 53 bits: a JSON reader in a browser can still hold it exactly.
        u64::from_be_bytes(self.random()) >> 11
    }

    pub(crate) fn new_id(&self, now_ms: i64) -> Uuid {
        let ms = u64::try_from(now_ms).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(ms, &self.random()).into_uuid()
    }

    pub(crate) fn queued(&self, now_ms: i64, due_at_ms: i64, task: Task) -> OutboxItem {
        OutboxItem { id: self.new_id(now_ms), due_at_ms, attempts: 0, task }
    }
}

fn check_settings(settings: &Settings) -> Result<(), DeskError> {
    let base = &settings.base_url;
    let http = base.starts_with("https://") || base.starts_with("http://");
    if !http || base.ends_with('/') || base.chars().any(char::is_whitespace) {
        let words = both(
            "base_url 应以 http:// 或 https:// 开头,末尾不带 /。",
            "base_url must start with http:// or https:// and not end with /.",
        );
        return Err(DeskError::invalid("base_url", words));
    }
    if settings.webhook.as_ref().is_some_and(|target| target.secret.len() < SECRET_MIN) {
        let words = both(
            format!("webhook 密钥至少 {SECRET_MIN} 个字节。"),
            format!("The webhook secret must have at least {SECRET_MIN} bytes."),
        );
        return Err(DeskError::invalid("webhook.secret", words));
    }
    Ok(())
}
