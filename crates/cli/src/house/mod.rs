//! A data folder as a living house: lock, keys, store, products and the desk that works with them. Everything that the desk
//! must not know about the world is put together here and nowhere else.

pub mod asker;
pub mod backup;
mod causes;
pub mod chop;
pub mod eyes;
pub mod inspector;
pub mod keys;
mod learn;
pub mod mark;
pub mod master;
pub mod pg_tools;
pub mod ports;
pub mod products;
pub mod reader;
pub mod recogniser;
mod reviewing;
pub mod rings;
pub mod rotation;
pub mod scripts;
pub mod server;
pub mod shelves;
pub mod signatures;
pub mod stamper;
pub mod templates;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use mingbai_core::policy::Pack;
use mingbai_core::text::{Tell as _, both};
use mingbai_cost::Words;
use mingbai_desk::ports::{Accounts, Log, Ports, Vault};
use mingbai_desk::{
    Authority, Desk, DeskError, LenderContact, Product, PublicLog, RootOf, Settings as DeskSettings,
    StaffRules, WebhookTarget, Witness, named_authority,
};
use mingbai_store::Documents;

use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::films::Inspecting;
use crate::real;
use crate::storage::Premises;
use asker::Asker;
use eyes::Eyes;
use mark::Mark;
pub use ports::Machine;
use ports::{Post, Press};
use reader::Reader;
use shelves::Shelves;
use signatures::custody::Custodians;
use signatures::{BuiltIn, CaPlan, Pen};

pub const STORE: &str = "mingbai.db";
pub const ATTACHMENTS: &str = "attachments";
pub const KEYS: &str = "keys";
pub const SCRIPTS: &str = "scripts";
const LOCK: &str = "server.lock";

/// Whether a data folder has been in use before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There is no store in it yet.
    New,
    /// There is.
    Known,
}

/// What a house is built from.
pub struct Plan {
    /// Where everything is kept.
    pub premises: Premises,
    /// What stands before every link.
    pub base_url: String,
    /// Whom to ask.
    pub lender: LenderContact,
    /// Where the core system listens.
    pub webhook: Option<WebhookTarget>,
    /// Products, the version on offer last.
    pub products: Vec<Product>,
    /// Who stamps the log, if anybody.
    pub authority: Option<Authority>,
    /// Who is asked to cosign the log.
    pub witnesses: Vec<Witness>,
    /// Whether signatures are made and read.
    pub signing: Signing,
    /// How staff is let in.
    pub staff: StaffRules,
    /// Who holds the keys of the signing authority.
    pub custodians: Custodians,
    /// Who looks at recordings.
    pub inspecting: Inspecting,
    /// Who reads the figures of papers that come back, beside a person.
    pub reader: Option<Reader>,
}

/// Whether a house makes signatures inside PDFs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// With the built-in authority.
    BuiltIn,
    /// Not at all: the house is opened for accounts and keys.
    Not,
}

impl Plan {
    /// The plan that the settings describe, for a server whose links begin with `base_url`.
    pub fn from_settings(settings: &Settings, base_url: String) -> Result<Self, Fail> {
        let webhook = settings.webhook.target()?;
        let products = products::load(&settings.products_dir())?;
        let authority = settings.tsa.authority()?;
        let witnesses = settings.witnesses.value.clone();
        let signing = Signing::BuiltIn;
        Ok(Plan {
            webhook,
            products,
            authority,
            witnesses,
            signing,
            custodians: settings.pens.custodians()?,
            inspecting: settings.films.inspecting()?,
            reader: settings.ocr.reader()?,
            ..Plan::people_only(settings, base_url)?
        })
    }

    /// Enough for accounts and keys: no product and no message, so that nothing that is wrong with those stands in the way.
    pub fn people_only(settings: &Settings, base_url: String) -> Result<Self, Fail> {
        let number = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
        let (zh, en) = &settings.lender_name;
        Ok(Plan {
            premises: settings.premises()?,
            base_url,
            lender: LenderContact {
                name: Words { zh: zh.value.clone(), en: en.value.clone() },
                phone: number(&settings.lender_phone.value),
                complaint_phone: number(&settings.lender_complaint_phone.value),
            },
            webhook: None,
            products: Vec::new(),
            authority: None,
            witnesses: Vec::new(),
            signing: Signing::Not,
            staff: settings.door.rules(),
            custodians: Custodians::default(),
            inspecting: Inspecting::default(),
            reader: None,
        })
    }
}

/// A data folder that was opened.
pub struct House {
    /// Every use case.
    pub desk: Arc<Desk>,
    /// Accounts and keys, for what the command line may do and no door offers.
    pub accounts: Arc<dyn Accounts>,
    /// Personal values, to say what is kept.
    pub vault: Arc<dyn Vault>,
    /// The log, likewise.
    pub log: Arc<dyn Log>,
    documents: Arc<Documents>,
}

impl House {
    /// Opens the data folder and puts the desk together.
    pub async fn open(plan: Plan) -> Result<Self, Fail> {
        let Plan {
            premises,
            base_url,
            lender,
            webhook,
            products,
            authority,
            witnesses,
            signing,
            staff,
            custodians,
            inspecting,
            reader,
        } = plan;
        let dir = &premises.dir;
        std::fs::create_dir_all(dir).map_err(|e| Fail::writing(dir, &e))?;
        let origin = shelves::origin(&premises).await?;
        let keys = keys::open(&dir.join(KEYS), origin, host_of(&base_url), &premises.master)?;
        let shelves = Shelves::open(&premises, &keys).await?;
        let pen = match signing {
            Signing::BuiltIn => {
                let log = shelves.log.as_ref();
                let ca = CaPlan {
                    keys: dir.join(KEYS),
                    dir: dir.clone(),
                    base_url: base_url.clone(),
                    lender: lender.name.zh.clone(),
                    stamp_roots: authority.as_ref().map(|a| a.roots.clone()),
                    custodians,
                    named_root: named_authority(log, RootOf::House).await.map_err(told)?,
                    named_national: named_authority(log, RootOf::National).await.map_err(told)?,
                };
                let now_ms = real::now_ms();
                Some(BuiltIn::open(ca, now_ms)?.renewed(now_ms)?)
            }
            Signing::Not => None,
        };
        let machine = Arc::new(Machine);
        let ports = Ports {
            log: shelves.log.clone(),
            attachments: shelves.documents.clone(),
            vault: shelves.vault.clone(),
            papers: Arc::new(Press::new(dir)?),
            clock: machine.clone(),
            dice: machine,
            signer: Arc::new(keys.signer),
            webhooks: Arc::new(Post::new()?),
            accounts: shelves.accounts.clone(),
            outbox: shelves.outbox.clone(),
        };
        let settings = DeskSettings { base_url, lender, webhook };
        let desk = Desk::new(ports, vec![Pack::embedded()], products, settings).map_err(told)?;
        let public = PublicLog {
            kept: shelves.checkpoints.clone(),
            high_water: Arc::new(Mark::of(dir)),
            witnesses,
            calls: Arc::new(Asker::new()?),
        };
        let desk = desk.with_time_stamps(shelves.stamps.clone(), authority).with_public_log(public);
        let mut desk = desk.with_staff_rules(staff).with_eyes(Arc::new(Eyes::new(reader)));
        if let Some(machine) = inspecting.machine {
            desk = desk.with_inspector(Arc::new(machine), inspecting.sample);
        }
        let desk = equipped(desk, dir, &shelves, pen).await?;
        let Shelves { log, vault, accounts, documents, .. } = shelves;
        Ok(House { desk: Arc::new(desk), accounts, vault, log, documents })
    }

    /// Makes sure that the place of the documents takes them, before anybody relies on it.
    pub async fn check_documents(&self) -> Result<(), Fail> {
        self.documents.check().await.map_err(|e| {
            let what = both("存放文件的地方用不了(s3_…)", "the place of the documents cannot be used (s3_…)");
            Fail::new(Kind::Io, what).caused_by(&e).next(
                "请检查 s3_endpoint、s3_bucket、s3_access_key 及其密钥;服务须支持条件写入(If-None-Match)。",
                "Look at s3_endpoint, s3_bucket, s3_access_key and its secret; the service must have conditional writes \
                 (If-None-Match).",
            )
        })
    }
}

/// A desk with what lies in the data folder: seal, list of causes, lessons, checklist, scripts, rings, pen.
async fn equipped(mut desk: Desk, dir: &Path, shelves: &Shelves, pen: Option<BuiltIn>) -> Result<Desk, Fail> {
    if let Some(chop) = chop::open(&dir.join(KEYS))? {
        desk = desk.with_seal(Arc::new(chop));
    }
    if let Some(list) = causes::load(dir)? {
        desk = desk.with_causes(list);
    }
    if let Some(library) = learn::load(dir)? {
        desk = desk.with_library(library);
    }
    desk = desk.with_sheet_key(learn::key(&dir.join(KEYS))?);
    if let Some(list) = reviewing::checklist(dir)? {
        desk = desk.with_checklist(list);
    }
    if let Some(rules) = reviewing::rules(dir)? {
        desk = desk.with_marketing_rules(rules);
    }
    let scripts = scripts::load(&dir.join(SCRIPTS))?;
    desk = desk.with_traces(shelves.traces.clone());
    desk = desk.with_rings(rings::open(dir, shelves.links.clone()).await?);
    desk = desk.with_recordings(shelves.recordings.clone(), scripts);
    if let Some(pen) = pen {
        desk.name_authority(RootOf::House, pen.root_digest()).await.map_err(told)?;
        if let Some(root) = pen.national_digest() {
            desk.name_authority(RootOf::National, root).await.map_err(told)?;
        }
        desk = desk.with_signatures(Arc::new(Pen::new(pen)));
    }
    Ok(desk)
}

/// The right to serve a data folder, held as long as this value lives. The system lets go of it even when the process is
/// killed, so a lock never has to be cleaned up by hand.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock.
    pub fn take(dir: &Path) -> Result<Self, Fail> {
        std::fs::create_dir_all(dir).map_err(|e| Fail::writing(dir, &e))?;
        let path = dir.join(LOCK);
        let mut options = File::options();
        let file = options.create(true).write(true).truncate(false).open(&path);
        let file = file.map_err(|e| Fail::writing(&path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => {
                let shown = dir.display();
                let what = both(
                    format!("数据目录 {shown} 正在被另一个 mingbai 使用"),
                    format!("the data folder {shown} is in use by another mingbai"),
                );
                Err(Fail::new(Kind::Io, what)
                    .because(both(
                        "两个服务同时写一个目录,存证的先后就乱了",
                        "two servers on one folder would disagree about the order of the evidence",
                    ))
                    .next(
                        "先停掉那一个,或用 --dir 指定另一个目录。",
                        "Stop the other one, or name another folder with --dir.",
                    ))
            }
            Err(std::fs::TryLockError::Error(e)) => Err(Fail::writing(&path, &e)),
        }
    }
}

/// The host of an address, without scheme and port: a log's name should outlive a change of port.
fn host_of(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

fn unusable(dir: &Path, why: Words) -> Fail {
    let shown = dir.display();
    let what = both(format!("数据目录 {shown} 打不开"), format!("the data folder {shown} cannot be opened"));
    Fail::new(Kind::Io, what).because(why)
}

/// An error of the desk at the command line.
pub fn told(error: DeskError) -> Fail {
    use mingbai_desk::ErrorKind;
    let kind = match error.kind() {
        ErrorKind::Fault | ErrorKind::Busy => Kind::Io,
        _ => Kind::Input,
    };
    Fail::new(kind, both("没有做成", "it was not done")).because(error.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logs_name_has_no_port() {
        for (url, host) in [
            ("http://127.0.0.1:8460", "127.0.0.1"),
            ("https://loan.example", "loan.example"),
            ("https://loan.example/mingbai", "loan.example"),
            ("http://[::1]:80", "[::1]"),
        ] {
            assert_eq!(host_of(url), host);
        }
    }
}
