//! `mingbai ca`: the built-in signing authority of a data folder.

use std::io::Write as _;
use std::path::Path;

use mingbai_core::text::both;
use mingbai_sign::{Certificate, Reason, Revoked};

use crate::args::{CaAction, ReasonArg, RenewIssuing, Revoke, RootOffline};
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::KEYS;
use crate::house::signatures::folder::{
    FOLDER, ISSUING, ISSUING_USE, ROOT, ROOT_KEY, SEAL, SM2_ROOT, SM2_SEAL,
};
use crate::house::signatures::{BuiltIn, CaPlan};
use crate::real;
use crate::screen::{Screen, Tone};

/// Runs the command.
pub fn run(action: &CaAction, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let house = open(settings)?;
    match action {
        CaAction::Show(_) => show(&house, screen),
        CaAction::RootOffline(args) => root_offline(args, settings, screen),
        CaAction::RenewIssuing(args) => renew_issuing(&house, args, screen),
        CaAction::Revoke(args) => revoke(&house, args, screen),
    }
}

fn open(settings: &Settings) -> Result<BuiltIn, Fail> {
    let dir = settings.dir.value.clone();
    if !dir.join(FOLDER).is_dir() {
        let shown = dir.display();
        let what = both(
            format!("{shown} 里还没有签名机构"),
            format!("there is no signing authority in {shown} yet"),
        );
        return Err(Fail::new(Kind::Input, what).next(
            "用 --dir 指明数据目录;第一次运行 mingbai serve 时会建立。",
            "Name the data folder with --dir; mingbai serve makes it at its first start.",
        ));
    }
    let plan = CaPlan {
        keys: dir.join(KEYS),
        dir,
        base_url: settings.base_url(),
        lender: settings.lender_name.0.value.clone(),
        stamp_roots: None,
        custodians: settings.pens.custodians()?,
        named_root: None,
        named_national: None,
    };
    BuiltIn::open(plan, real::now_ms())
}

fn show(house: &BuiltIn, screen: &mut Screen) -> Result<(), Fail> {
    for (name, zh, en) in [
        (ROOT, "根证书", "root"),
        (ISSUING, "签发机构", "issuing authority"),
        (SEAL, "机构签章", "lender's seal"),
        (SM2_ROOT, "国密根证书", "root of the second seal (SM2)"),
        (SM2_SEAL, "国密签章", "second seal (SM2)"),
    ] {
        // Only a house that turned the second seal on has these two.
        if matches!(name, SM2_ROOT | SM2_SEAL) && house.national_digest().is_none() {
            continue;
        }
        let certificate = house.files().certificate(name)?;
        let title = screen.pick(zh, en).to_owned();
        let title = screen.toned(Tone::Strong, &title);
        screen.line(format!("{title}  {}", certificate.common_name()));
        let (from, until) =
            (real::in_beijing(certificate.not_before_ms()), real::in_beijing(certificate.not_after_ms()));
        screen.line(format!("  {} {}", screen.pick("序列号", "serial"), hex::encode(certificate.serial())));
        screen.line(format!("  {} {from} — {until}", screen.pick("有效期", "valid")));
        screen.line(format!("  SHA-256 {}", fingerprint(&certificate)));
    }
    let count = house.files().revoked()?.len();
    screen.say(&format!("已吊销 {count} 张证书。"), &format!("{count} certificates are revoked."));
    match house.root_key_from(None)? {
        Some(_) => screen.say(
            "根密钥在这台服务器上;建议运行 mingbai ca root-offline 把它移走。",
            "The root's key is on this server; mingbai ca root-offline takes it away.",
        ),
        None => screen.say("根密钥已离线。", "The root's key is offline."),
    }
    Ok(())
}

fn fingerprint(certificate: &Certificate) -> String {
    hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate.der()))
}

/// Copies the key first and reads the copy again; only then the one at home is deleted.
fn root_offline(args: &RootOffline, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let home = settings.dir.value.join(KEYS).join(ROOT_KEY);
    if !home.exists() {
        let what = both("根密钥不在这里,早已离线", "the root's key is not here: it is offline already");
        return Err(Fail::new(Kind::Input, what));
    }
    let secret = zeroize::Zeroizing::new(crate::commands::read_bytes(&home, 1024)?);
    write_new(&args.to, &secret)?;
    let copy = zeroize::Zeroizing::new(crate::commands::read_bytes(&args.to, 1024)?);
    if copy != secret {
        let _ = std::fs::remove_file(&args.to);
        let what = both("写出去的根密钥与原来的不同", "the root's key came back different from the file");
        return Err(Fail::new(Kind::Io, what)
            .next("原来的密钥还在;请换一个介质再试。", "The key is still at home; try another medium."));
    }
    let removed = || {
        std::fs::remove_file(&home)?;
        std::fs::File::open(settings.dir.value.join(KEYS))?.sync_all()
    };
    removed().map_err(|e: std::io::Error| Fail::writing(&home, &e))?;
    let done = screen.pick("根密钥已移到", "the root's key is now in").to_owned();
    let done = screen.toned(Tone::Good, &done);
    screen.line(format!("{done} {}", args.to.display()));
    screen.say(
        "  服务器上的文件已删除(磁盘或旧备份里可能还有痕迹)。请把它锁好,另存一份。",
        "  The file on the server is deleted (traces may remain on its disk and in old backups). Lock it away, and keep a second copy.",
    );
    screen.say(
        "  签发和签章照常。每年一次,以及签发机构到期前:mingbai ca renew-issuing --root-key 文件。",
        "  Issuing and sealing go on. Once a year, and before the issuing authority ends: mingbai ca renew-issuing --root-key FILE.",
    );
    Ok(())
}

/// A file that must not exist yet, readable by its owner alone, on the disk when this returns.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Fail> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|e: std::io::Error| Fail::writing(path, &e))
}

fn renew_issuing(house: &BuiltIn, args: &RenewIssuing, screen: &mut Screen) -> Result<(), Fail> {
    let Some(key) = house.root_key_from(args.root_key.as_deref())? else { return Err(root_key_needed()) };
    let now_ms = real::now_ms();
    let issuing = house.issuing_by(&key, now_ms)?;
    let list = house.root_list_by(&key, now_ms)?;
    let until = real::in_beijing(issuing.not_after_ms());
    let next = list.next_update_ms().map(real::in_beijing).unwrap_or_default();
    screen.say(
        &format!("签发机构的证书续到 {until};根的吊销名单管到 {next}。重新启动服务后生效。"),
        &format!("The issuing authority is good until {until}, the root's list until {next}. In force after the server's next start."),
    );
    Ok(())
}

fn root_key_needed() -> Fail {
    let what = both("这一步要用根密钥,而它不在这里", "this needs the root's key, which is not here");
    Fail::new(Kind::Input, what).next("用 --root-key 指明它的文件。", "Name its file with --root-key.")
}

fn revoke(house: &BuiltIn, args: &Revoke, screen: &mut Screen) -> Result<(), Fail> {
    let digits: String = args.serial.chars().filter(|c| !matches!(c, ' ' | ':')).collect();
    let serial = hex::decode(&digits).ok().filter(|bytes| !bytes.is_empty()).ok_or_else(|| {
        Fail::new(Kind::Input, both("序列号应是十六进制数字", "a serial number is hexadecimal digits"))
    })?;
    let files = house.files();
    let Some(issued_for) = files.issued_for(&serial)? else {
        let what =
            both("这个机构没有签发过这个序列号的证书", "this authority issued no certificate of this number");
        return Err(Fail::new(Kind::Input, what).next(
            "序列号在 mingbai ca show 和核对页面上。",
            "Serial numbers are in mingbai ca show and in the certificate.",
        ));
    };
    if files.revoked()?.iter().any(|r| r.serial == serial) {
        return Err(Fail::new(Kind::Input, both("它早已吊销", "it is revoked already")));
    }
    let now_ms = real::now_ms();
    let root_key = match issued_for == ISSUING_USE {
        true => Some(house.root_key_from(args.root_key.as_deref())?.ok_or_else(root_key_needed)?),
        false => None,
    };
    files.note_revoked(&Revoked { serial, at_ms: now_ms, reason: reason(args.reason) })?;
    if let Some(key) = root_key {
        house.root_list_by(&key, now_ms)?;
    }
    screen.say(
        &format!("已吊销 {digits}。新的吊销名单马上在 /ca/revocations.crl 提供。"),
        &format!("{digits} is revoked. The new list is served at /ca/revocations.crl at once."),
    );
    screen.say(
        "  时间戳证明在此之前签的名仍然有效;没有时间戳的签名不再成立。",
        "  Signatures that a time stamp proves to be older stay good; those without a time stamp no longer hold.",
    );
    Ok(())
}

fn reason(arg: ReasonArg) -> Reason {
    match arg {
        ReasonArg::KeyCompromise => Reason::KeyCompromise,
        ReasonArg::Superseded => Reason::Superseded,
        ReasonArg::Cessation => Reason::Cessation,
        ReasonArg::Withdrawn => Reason::Withdrawn,
        ReasonArg::Unspecified => Reason::Unspecified,
    }
}
