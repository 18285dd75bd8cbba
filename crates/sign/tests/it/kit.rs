//! What the tests share: an authority with fixed keys and moments, a small tagged paper, and one whole signing.

use mingbai_sign::{
    Authority, BoxAt, CasePlan, Certificate, CrlPlan, Field, Handwriting, KeyCustody, Point, Prepared,
    Profile, Revoked, Serial, SigningRequest, SoftwareKey, Subject, Validation, assemble, attributes_to_sign,
    contents_capacity_bytes, finish, issue_crl, issue_for_case, issue_intermediate, issue_root, prepare,
};

/// 2026-11-25 08:00:00 UTC.
pub const NOW_MS: i64 = 1_795_593_600_000;
pub const HOUR_MS: i64 = 3_600_000;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// The cost table paper as `mingbai-paper` makes it, with its signature boxes.
pub const PAPER: &[u8] = include_bytes!("../data/cost-table.pdf");

pub fn key(seed: u8) -> SoftwareKey {
    SoftwareKey::from_secret(&[seed; 32]).unwrap()
}

pub fn subject(name: &str, case: &str) -> Subject {
    Subject { common_name: name.into(), organization: "示例消费金融公司".into(), case: case.into() }
}

pub fn profile() -> Profile {
    Profile { policy: "1.3.6.1.4.1.99999.13".into(), crl_url: "http://crl.example.cn/issuing.crl".into() }
}

/// Root and issuing authority.
pub struct House {
    pub root_key: SoftwareKey,
    pub root: Certificate,
    pub issuing_key: SoftwareKey,
    pub issuing: Certificate,
}

impl House {
    pub fn new() -> Self {
        Self::with_seeds(1, 2)
    }

    pub fn with_seeds(root: u8, issuing: u8) -> Self {
        let (root_key, issuing_key) = (key(root), key(issuing));
        let made = NOW_MS - 30 * DAY_MS;
        let root = issue_root(&subject("Mingbai Root", ""), Serial([root; 16]), made, &root_key).unwrap();
        let above = Authority { certificate: &root, key: &root_key };
        let life = (made, made + 5 * 365 * DAY_MS);
        let name = subject("Mingbai Issuing", "");
        let issuing = issue_intermediate(
            &above,
            &name,
            Serial([issuing; 16]),
            life,
            &issuing_key.public_key(),
            &profile(),
        );
        House { root_key, root, issuing_key, issuing: issuing.unwrap() }
    }

    pub fn issuing(&self) -> Authority<'_> {
        Authority { certificate: &self.issuing, key: &self.issuing_key }
    }

    pub fn root(&self) -> Authority<'_> {
        Authority { certificate: &self.root, key: &self.root_key }
    }

    /// A one-day certificate for a key that stands in for the browser's.
    pub fn certificate(&self, key: &SoftwareKey, serial: u8) -> Certificate {
        self.certificate_at(key, serial, NOW_MS)
    }

    pub fn certificate_at(&self, key: &SoftwareKey, serial: u8, now_ms: i64) -> Certificate {
        let request = SigningRequest::parse(&request(key)).unwrap();
        let plan = CasePlan { subject: subject("张三", "KQNN-K09R"), serial: Serial([serial; 16]), now_ms };
        issue_for_case(&self.issuing(), &request, &plan, &profile()).unwrap()
    }

    /// The chain that goes into a signature.
    pub fn chain(&self, certificate: &Certificate) -> Vec<Vec<u8>> {
        vec![certificate.der().to_vec(), self.issuing.der().to_vec()]
    }

    /// Lists of both authorities, issued at a moment.
    pub fn validation(&self, at_ms: i64, revoked: Vec<Revoked>) -> Validation {
        let plan = |revoked| CrlPlan {
            number: 7,
            this_update_ms: at_ms,
            next_update_ms: at_ms + 7 * DAY_MS,
            revoked,
        };
        let issuing = issue_crl(&self.issuing(), &plan(revoked)).unwrap();
        let root = issue_crl(&self.root(), &plan(Vec::new())).unwrap();
        Validation {
            certificates: vec![self.issuing.der().to_vec(), self.root.der().to_vec()],
            crls: vec![issuing.der().to_vec(), root.der().to_vec()],
        }
    }
}

/// A PKCS#10 request as WebCrypto code in a page writes it: name, key, no attributes.
pub fn request(key: &SoftwareKey) -> Vec<u8> {
    let mut spki = vec![
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86,
        0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    spki.extend(key.public_key());
    let name = [0x30, 0x0D, 0x31, 0x0B, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x02, b'm', b'e'];
    let info = sequence(0x30, &[&[0x02, 0x01, 0x00][..], &name, &spki, &[0xA0, 0x00]].concat());
    let signature = key.sign(&info).unwrap();
    let algorithm = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
    let bits = sequence(0x03, &[&[0][..], &signature].concat());
    sequence(0x30, &[&info[..], &algorithm, &bits].concat())
}

pub fn sequence(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match body.len() {
        n @ ..=127 => out.push(n as u8),
        n @ ..=255 => out.extend([0x81, n as u8]),
        n => out.extend([0x82, (n >> 8) as u8, n as u8]),
    }
    out.extend(body);
    out
}

pub fn field(name: &str) -> Field {
    Field {
        name: name.into(),
        label: "借款人签名".into(),
        signer: "张三".into(),
        reason: "我已读懂并同意本综合融资成本明示表".into(),
        signed_at_ms: NOW_MS,
        at: None,
        handwriting: None,
        capacity_bytes: 4096,
    }
}

/// Three strokes that look like a hand's.
pub fn handwriting() -> Handwriting {
    let wave = |x0: i32, n: i32, lift: i32| {
        (0..n)
            .map(|i| Point {
                x_cpx: x0 + i * 240,
                y_cpx: 6000 + lift + (i * i * 37 % 4200) - 2000,
                at_ms: (i * 16) as u32,
                pressure_permille: (300 + (i * 53 % 600)) as u16,
            })
            .collect()
    };
    Handwriting {
        width_cpx: 32_000,
        height_cpx: 12_000,
        strokes: vec![wave(2000, 40, 0), wave(12_000, 30, 1500), wave(21_000, 35, -800)],
    }
}

/// Signs a prepared file as the browser would.
pub fn sign(house: &House, prepared: Prepared, seed: u8, serial: u8) -> Vec<u8> {
    sign_with(prepared, &key(seed), &house.chain(&house.certificate(&key(seed), serial)), None)
}

pub fn sign_with(prepared: Prepared, key: &SoftwareKey, chain: &[Vec<u8>], stamp: Option<&[u8]>) -> Vec<u8> {
    let attributes = attributes_to_sign(&prepared.digest(), &chain[0]).unwrap();
    let cms = assemble(&attributes, &key.sign(&attributes).unwrap(), chain, stamp).unwrap();
    finish(prepared, &cms).unwrap()
}

/// A whole borrower's signature on the paper, in its box.
pub fn signed_paper(house: &House) -> Vec<u8> {
    let mut field = field("borrower");
    field.at = Some(borrower_box());
    field.handwriting = Some(handwriting());
    field.capacity_bytes = contents_capacity_bytes(&house.chain(&house.certificate(&key(3), 3)), 0);
    sign(house, prepare(PAPER, &field).unwrap(), 3, 3)
}

pub fn borrower_box() -> BoxAt {
    let boxes = mingbai_sign::boxes(PAPER).unwrap();
    boxes.into_iter().find(|b| b.name == "sign-borrower").unwrap().at
}

/// The smallest tagged paper with two boxes, written here by hand.
pub fn small_paper() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>/Lang(zh-CN)>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<<>>/StructParents 0/Tabs/S/Contents 4 0 R>>",
        "<</Length 16>>\nstream\n0 0 m 9 9 l S   \nendstream",
        "<</Keywords(sign-borrower=1:1000,1000,12000,4000, sign-lender=1:15000,1000,12000,4000)>>",
        "<</Type/StructTreeRoot/K[7 0 R]/ParentTree<</Nums[0 [7 0 R]]>>/ParentTreeNextKey 1>>",
        "<</Type/StructElem/S/Document/P 6 0 R/K[0]/Pg 3 0 R>>",
    ];
    write_pdf(&objects)
}

/// Numbers the objects from 1, the first is the catalog, the fifth the information.
pub fn write_pdf(objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\x80\x80\x80\x80\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (i, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n\r\n", out.len()));
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let at = out.len();
    out.extend(table.bytes());
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R/Info 5 0 R/ID[(a)(b)]>>\nstartxref\n{at}\n%%EOF").bytes(),
    );
    out
}
