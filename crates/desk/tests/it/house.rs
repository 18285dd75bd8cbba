//! A whole house for the tests: desk, SQLite store and folder are the real ones; clock, dice, press and the core system's
//! listener are held by the test.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU16, AtomicU64, Ordering};

use async_trait::async_trait;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use mingbai_desk::borrow::{OpenRequest, OpenedJourney};
use mingbai_desk::core::actor::{Login, StaffRole};
use mingbai_desk::core::borrow::afford::Declared;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::{Channel, Choice, DocumentKind, Surface, TypeSize, YesNo};
use mingbai_desk::core::borrow::reading::Section;
use mingbai_desk::core::borrow::returned::{Answer as Answer3, Figures, PaperClaim, SeenClaim, SeenInk};
use mingbai_desk::core::borrow::screen::ScreenKey;
use mingbai_desk::core::borrow::teachback::{Answer, Form, Question, Verdict, grade};
use mingbai_desk::core::borrow::{Journey, JourneyId};
use mingbai_desk::core::policy::Pack;
use mingbai_desk::core::trust::ring::ShareKind;
use mingbai_desk::cost::{CostTable, Fen, Lang, Words};
use mingbai_desk::evidence::Digest;
use mingbai_desk::evidence::note::NoteSigner;
use mingbai_desk::ports::{
    Clock, Dice, DocLetter, DocRequest, EyesError, PageSeen, PaperEyes, Papers, PapersError, Place, Ports,
    Signer, SquareSeen, WebhookError, WebhookPost, Webhooks,
};
use mingbai_desk::trust::{Known, Link, RingKey, Rings};
use mingbai_desk::{
    Caller, Desk, DeskError, LenderContact, NewAccount, Product, SecondFactor, Settings, SignedIn,
    StaffRules, WebhookTarget,
};
use mingbai_store::{Documents, MasterKey, Sqlite};

pub const HONEST: &str = include_str!("../../../../examples/products/honest.toml");
pub const COMPLAINTS: &str = include_str!("../../../../examples/products/complaints.toml");
pub const PASSWORD: &str = "a long enough password";
pub const OPINION: &str = "费用齐全,口径一致,没有隐藏项目,同意在本行网点使用这个版本。";
pub const SECRET: &[u8] = b"a shared secret of the webhook";
/// 2026-12-01 00:00 UTC.
pub const START_MS: i64 = 1_796_083_200_000;
pub const DAY_MS: i64 = 86_400_000;

/// Time, randomness, press, keys and listener, all in the test's hands.
pub struct World {
    pub now_ms: AtomicI64,
    thrown: AtomicU64,
    /// What the core system's listener received.
    pub posts: Mutex<Vec<WebhookPost>>,
    /// What it answers; 0 = no connection.
    pub status: AtomicU16,
    log: Key,
    permits: Key,
}

struct Key {
    name: &'static str,
    pair: Ed25519KeyPair,
}

impl Key {
    fn new(name: &'static str, seed: u8) -> Self {
        Key { name, pair: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap() }
    }
}

impl NoteSigner for Key {
    fn name(&self) -> &str {
        self.name
    }
    fn public_key(&self) -> [u8; 32] {
        self.pair.public_key().as_ref().try_into().unwrap()
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.pair.sign(message).as_ref().try_into().unwrap()
    }
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }
}

impl Dice for World {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let throw = self.thrown.fetch_add(1, Ordering::SeqCst);
            chunk.copy_from_slice(&Digest::of(&throw.to_be_bytes()).as_bytes()[..chunk.len()]);
        }
    }
}

impl Signer for World {
    fn log(&self) -> &(dyn NoteSigner + Send + Sync) {
        &self.log
    }
    fn permits(&self) -> &(dyn NoteSigner + Send + Sync) {
        &self.permits
    }
}

#[async_trait]
impl Papers for World {
    async fn render(&self, request: DocRequest, table: &CostTable) -> Result<Vec<u8>, PapersError> {
        Ok(format!("%PDF test {request:?} {}", table.total_repayable_fen).into_bytes())
    }

    async fn letter(&self, request: DocLetter) -> Result<Vec<u8>, PapersError> {
        Ok(format!("%PDF letter {request:?}").into_bytes())
    }
}

#[async_trait]
impl Webhooks for World {
    async fn post(&self, post: WebhookPost) -> Result<u16, WebhookError> {
        self.posts.lock().unwrap().push(post);
        match self.status.load(Ordering::SeqCst) {
            0 => Err(WebhookError("no connection".to_owned())),
            status => Ok(status),
        }
    }
}

/// Eyes that see what the picture says: `code|host|answers`, an answer being `h`, `n` or `c` for each claim in order.
#[async_trait]
impl PaperEyes for World {
    fn name(&self) -> String {
        "test eyes 1".to_owned()
    }

    async fn square(&self, picture: &[u8]) -> Result<SquareSeen, EyesError> {
        let [code, host, _] = said(picture)?;
        let mark = picture.windows(6).any(|six| six == b"/OTHER").then(|| "OTHER".to_owned());
        Ok(SquareSeen { host, code, mark })
    }

    async fn compare(&self, picture: &[u8], pdf: &[u8]) -> Result<PageSeen, EyesError> {
        let [code, _, answers] = said(picture)?;
        let groups: Vec<&str> = (0..3).map(|i| &code[i * 4..i * 4 + 4]).collect();
        let pdf = String::from_utf8_lossy(pdf);
        assert!(pdf.contains(&groups.join(" ")), "held against another document");
        let claim = |(claim, answer): (PaperClaim, char)| SeenClaim {
            claim,
            answer: match answer {
                'h' => Answer3::Holds,
                'n' => Answer3::NotKnown,
                _ => Answer3::Contradicted,
            },
            reason: Words::new("测试的理由。", "A reason of the test."),
            places: Vec::new(),
        };
        Ok(PageSeen {
            page: Some(1),
            claims: PaperClaim::ALL.into_iter().zip(answers.chars()).map(claim).collect(),
            ink: vec![SeenInk { place: "sign-borrower".to_owned(), ink_cmm2: 1234 }],
            figures: Figures::Person {
                why: Words::new("没有设置文字识别。", "No reader is set up.")
            },
            expected_png: [b"\x89PNG expected ", picture].concat(),
            laid_jpeg: [b"\xFF\xD8\xFF laid ", picture].concat(),
        })
    }
}

fn said(picture: &[u8]) -> Result<[String; 3], EyesError> {
    let text = String::from_utf8_lossy(picture.get(4..).unwrap_or_default()).into_owned();
    let parts: Vec<String> = text.split('|').take(3).map(str::to_owned).collect();
    let none = || EyesError::Picture(Words::new("没有读到二维码。", "No code could be read."));
    <[String; 3]>::try_from(parts).map_err(|_| none())
}

/// A picture of the paper with this code, as the test's eyes see it; `tail` makes it another file.
pub fn picture(code: &str, answers: &str, tail: &str) -> Vec<u8> {
    format!("\u{1}PNG{}|mingbai.example|{answers}|{tail}", code.replace(' ', ""))
        .into_bytes()
        .iter()
        .enumerate()
        .map(|(i, b)| if i == 0 { 0x89 } else { *b })
        .collect()
}

pub const RING_KEY: RingKey = RingKey::new([5; 32]);
/// The terminal of a village shop that is on the list.
pub const KNOWN_DEVICE: &str = "shop-terminal-0001";

/// What many customers share for good reasons.
pub fn known() -> Vec<Known> {
    let link = Link { kind: ShareKind::Device, value: KNOWN_DEVICE.to_owned() };
    vec![Known { name: "王村便利店".to_owned(), link }]
}

pub struct House {
    pub desk: Arc<Desk>,
    pub world: Arc<World>,
    pub ports: Ports,
    /// The log of links.
    pub links: Arc<Sqlite>,
    /// Where everything of this house lies on the disk.
    pub path: PathBuf,
    pub core: Caller,
    pub li: Caller,
    pub compliance: Caller,
    pub auditor: Caller,
    pub admin: Caller,
}

fn folder() -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("desk-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    path
}

pub fn settings() -> Settings {
    Settings {
        base_url: "https://mingbai.example".to_owned(),
        lender: LenderContact {
            name: Words::new("示例消费金融", "Example Consumer Finance"),
            phone: "400-000-0000".to_owned(),
            complaint_phone: "400-000-0001".to_owned(),
        },
        webhook: Some(WebhookTarget { url: "https://core.example/hook".to_owned(), secret: SECRET.to_vec() }),
    }
}

pub fn desk_of(ports: Ports, products: &[&str]) -> Desk {
    let products = products.iter().map(|text| Product::parse(text).unwrap()).collect();
    // Most tests are about something else than the way in.
    let rules = StaffRules { second_factor: SecondFactor::Optional, ..StaffRules::default() };
    Desk::new(ports, vec![Pack::embedded()], products, settings()).unwrap().with_staff_rules(rules)
}

/// The honest product in its second version, with a fee.
pub fn dearer() -> String {
    let fee = r#"
[[fee]]
key = "service"
name = { zh = "服务费", en = "Service fee" }
nature = "fee"
payee = { role = "platform", name = { zh = "示例平台", en = "Example Platform" } }
timing = "each_period"
base = { original_principal = 2000 }
collected = "paid_apart"
on_early_repayment = "not_refundable"
"#;
    format!("{}{fee}", HONEST.replace("\"2026.1\"", "\"2026.2\""))
}

impl House {
    pub async fn new() -> House {
        let world = Arc::new(World {
            now_ms: AtomicI64::new(START_MS),
            thrown: AtomicU64::new(0),
            posts: Mutex::new(Vec::new()),
            status: AtomicU16::new(200),
            log: Key::new("mingbai.example/log", 1),
            permits: Key::new("mingbai.example/permits", 2),
        });
        let path = folder();
        let store =
            Sqlite::open(&path.join("mingbai.db"), MasterKey::new([3; 32]), world.clone()).await.unwrap();
        let store = Arc::new(store);
        let documents = Documents::folder(&path.join("attachments"), store.clone(), world.clone()).unwrap();
        let ports = Ports {
            log: store.clone(),
            attachments: Arc::new(documents),
            vault: store.clone(),
            papers: world.clone(),
            clock: world.clone(),
            dice: world.clone(),
            signer: world.clone(),
            webhooks: world.clone(),
            accounts: store.clone(),
            outbox: store.clone(),
        };
        // The version that is given last is on offer: the honest first version stays it.
        let desk = desk_of(ports.clone(), &[COMPLAINTS, &dearer(), HONEST]);
        let rings = Rings::new(store.clone(), RING_KEY, &known()).unwrap();
        let desk = Arc::new(desk.with_eyes(world.clone()).with_rings(rings));
        let key = desk.add_core_key(&Caller::system(), &Login::new("core").unwrap()).await.unwrap();
        let core = desk.caller_of_key(&key).await.unwrap().unwrap();
        let li = member(&desk, "li.na", StaffRole::Consultant, Some("east")).await;
        let compliance = member(&desk, "chen", StaffRole::Compliance, None).await;
        let auditor = member(&desk, "zhou", StaffRole::Auditor, None).await;
        let admin = member(&desk, "root", StaffRole::Admin, None).await;
        let house = House { desk, world, ports, links: store, path, core, li, compliance, auditor, admin };
        for (id, version) in
            [("honest-loan", "2026.1"), ("honest-loan", "2026.2"), ("complaints-loan", "2026.1")]
        {
            house.desk.submit_product(&house.admin, id, version).await.unwrap();
            house.desk.release_product(&house.compliance, id, version, OPINION).await.unwrap();
        }
        house
    }

    pub fn pass(&self, ms: i64) {
        self.world.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn request(&self, external_ref: &str) -> OpenRequest {
        OpenRequest {
            product_id: "honest-loan".to_owned(),
            product_version: None,
            principal_fen: Fen::new(5_000_000),
            periods: 12,
            payout_on: jiff::civil::date(2026, 12, 2),
            method: None,
            channel: Channel::Branch,
            borrower_name: "王秀英".to_owned(),
            borrower_phone: "138 0000 0000".to_owned(),
            external_ref: external_ref.to_owned(),
            branch: Some("east".to_owned()),
        }
    }

    pub async fn open(&self, external_ref: &str) -> (OpenedJourney, Caller) {
        let opened = self.desk.open_journey(&self.core, self.request(external_ref)).await.unwrap();
        let code = opened.link.code.clone().unwrap();
        let (inside, _) = self.desk.open_link(&opened.link.token, &code).await.unwrap();
        let borrower = self.desk.caller_of_session(&inside.token).await.unwrap().unwrap();
        (opened, borrower)
    }

    pub async fn act(&self, caller: &Caller, id: JourneyId, command: Command) -> Journey {
        self.pass(1_000);
        self.desk.act(caller, id, command).await.unwrap().view.journey
    }

    pub async fn journey(&self, id: JourneyId) -> Journey {
        self.desk.journey(&self.compliance, id).await.unwrap().journey
    }

    pub fn missing(&self, journey: &Journey) -> Vec<&'static str> {
        journey.missing(self.desk.pack()).iter().map(|missing| missing.duty.key()).collect()
    }

    /// Everything before the teach-back.
    pub async fn read(&self, borrower: &Caller, id: JourneyId) {
        let declared = Declared::new(Fen::new(2_000_000), Fen::ZERO).unwrap();
        self.desk.declare_income(borrower, id, declared).await.unwrap();
        let answers = ScreenKey::ALL.into_iter().map(|key| (key, YesNo::No)).collect();
        self.act(borrower, id, Command::AnswerScreening { answers }).await;
        let show = Command::ShowTable { surface: Surface::Screen, lang: Lang::Zh, size: TypeSize::Large };
        self.act(borrower, id, show).await;
        for section in Section::ALL {
            self.act(borrower, id, Command::OpenSection { section: section.key().to_owned() }).await;
            self.pass(300_000);
            self.act(borrower, id, Command::FinishSection { section: section.key().to_owned() }).await;
        }
    }

    pub async fn understand(&self, borrower: &Caller, id: JourneyId) {
        for _ in 0..40 {
            let journey = self.act(borrower, id, Command::AskQuestion).await;
            let Some(question) = journey.open_question() else { return };
            let answer = right(&question, journey.table().unwrap());
            let question = question.id.to_string();
            self.act(borrower, id, Command::AnswerQuestion { question, answer }).await;
        }
        panic!("the questions never end");
    }

    /// From identity to the last look.
    pub async fn sign(&self, borrower: &Caller, id: JourneyId) {
        let desk = &self.desk;
        desk.attest_identity(&self.li, id, DocumentKind::ResidentIdCard, "11010119500101001X").await.unwrap();
        for (purpose, _) in self.journey(id).await.purposes() {
            desk.consent(borrower, id, purpose, Choice::Agreed, "同意事项全文").await.unwrap();
        }
        let (_, paper) = desk.attest_signature(&self.li, id, Lang::Zh, TypeSize::Large).await.unwrap();
        let document = paper.document.sha256;
        self.act(borrower, id, Command::ConfirmSignature { document }).await;
        let recording = Command::AttestRecording { recording_number: "R-1".to_owned(), seconds: 90 };
        self.act(&self.li, id, recording).await;
        let (_, notice) = desk.hand_notice(&self.li, id, Lang::Zh, TypeSize::Large).await.unwrap();
        let document = notice.document.sha256;
        self.act(borrower, id, Command::AcknowledgeNotice { document }).await;
        self.act(borrower, id, Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::No }).await;
    }

    pub async fn ceremony(&self, borrower: &Caller, id: JourneyId) {
        self.read(borrower, id).await;
        self.understand(borrower, id).await;
        self.sign(borrower, id).await;
    }

    /// A journey that is paid out.
    pub async fn paid_out(&self, external_ref: &str) -> (JourneyId, Caller) {
        let (opened, borrower) = self.open(external_ref).await;
        let id = opened.view.journey.id();
        self.ceremony(&borrower, id).await;
        let permit = self.desk.permit(&self.core, id).await.unwrap();
        let day = jiff::civil::date(2026, 12, 2);
        let amount = permit.claims.amount_fen;
        self.desk.report_payout(&self.core, id, &permit.claims.permit, amount, day, "PAY-1").await.unwrap();
        (id, borrower)
    }

    pub async fn run_outbox(&self) -> mingbai_desk::Round {
        self.desk.run_outbox_once(self.world.now_ms(), 100).await.unwrap()
    }

    /// Bodies of the messages of one kind, and nothing else is kept.
    pub fn told(&self, event: &str) -> Vec<serde_json::Value> {
        let posts = self.world.posts.lock().unwrap();
        let bodies =
            posts.iter().map(|post| serde_json::from_slice::<serde_json::Value>(&post.body).unwrap());
        bodies.filter(|body| body["event"] == event).collect()
    }
}

pub async fn member(desk: &Desk, login: &str, role: StaffRole, branch: Option<&str>) -> Caller {
    let new = NewAccount {
        login: Login::new(login).unwrap(),
        role,
        display_name: login.to_owned(),
        branch: branch.map(str::to_owned),
        password: PASSWORD.to_owned(),
    };
    desk.add_account(&Caller::system(), new).await.unwrap();
    let inside = enter(desk, login).await.unwrap();
    desk.caller_of_session(&inside.token).await.unwrap().unwrap()
}

/// Signs in with the right password, where no second proof is owed.
pub async fn enter(desk: &Desk, login: &str) -> Result<SignedIn, DeskError> {
    desk.sign_in(login, PASSWORD, &Place::default()).await.map(|entry| entry.inside().unwrap())
}

/// The kind of an error, for comparisons.
pub fn kind<T: std::fmt::Debug>(outcome: Result<T, DeskError>) -> mingbai_desk::ErrorKind {
    outcome.expect_err("it was allowed").kind()
}

/// The right answer, found by trying what the table says.
pub fn right(question: &Question, table: &CostTable) -> Answer {
    let fits = |answer: &Answer| grade(question, answer).verdict == Verdict::Correct;
    match &question.form {
        Form::Choices(choices) => (0..u32::try_from(choices.len()).unwrap())
            .map(Answer::Choice)
            .find(|answer| fits(answer))
            .unwrap(),
        Form::Amount { .. } => {
            let early = table.early.iter().flat_map(|row| [row.payoff_fen, row.fee_fen, row.saved_fen]);
            let plan = table.instalments.iter().map(|row| row.total_fen);
            let charges =
                table.items.iter().flat_map(|item| item.charges.iter().map(|charge| charge.amount_fen));
            let late = table.default_costs.late_example;
            let whole = [
                table.net_payout_fen,
                table.total_repayable_fen,
                table.total_cost_fen,
                late.extra_fen,
                late.due_fen,
            ];
            let all = whole.into_iter().chain(plan).chain(charges).chain(early);
            all.map(|fen| Answer::Amount(fen.to_string())).find(|answer| fits(answer)).unwrap()
        }
    }
}
