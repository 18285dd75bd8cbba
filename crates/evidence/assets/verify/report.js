  // ---------------------------------------------------------------------------------------------------- report
  const PROVEN = "proven";
  const OPEN = "not_proven";
  const AGAINST = "contradicted";
  // Scope: the package may hold less than there is, which its holder may choose. Identity: whose word it is. All else is integrity.
  const SCOPE = new Set(["time_stamp", "stream_end", "other_signatures", "withheld", "withheld_record", "sealed"]);
  const IDENTITY = new Set(["signer", "second_signature", "time_authority", "witness"]);
  /** The claims about the file. What holds for all files of a kind is one claim; what fails is named one by one. */
  class Report {
    constructor() {
      this.claims = [];
      this.facts = { records: 0, streams: [], attachments: 0 };
      this.opened = [];
    }
    say(key, subject, verdict, zh, en) { this.claims.push({ key, subject, verdict, reason: { zh, en } }); }
    failed(key) { return this.claims.some((claim) => claim.key === key && claim.verdict !== PROVEN); }
  }

  // ---------------------------------------------------------------------------------------------------- layout
  const EXTENSIONS = ["bin", "csv", "jpg", "json", "mp3", "mp4", "ogg", "p7m", "p7s", "pdf", "png", "svg", "toml", "tsr", "txt", "wav", "weba", "webm"];
  const MEDIA = {
    "application/json": "json", "application/pdf": "pdf", "application/pkcs7-mime": "p7m", "application/pkcs7-signature": "p7s",
    "application/timestamp-reply": "tsr", "application/toml": "toml", "audio/mpeg": "mp3", "audio/ogg": "ogg",
    "audio/wav": "wav", "audio/webm": "weba", "image/jpeg": "jpg", "image/png": "png", "image/svg+xml": "svg",
    "text/csv": "csv", "text/plain": "txt", "video/mp4": "mp4", "video/webm": "webm",
  };
  const extensionOf = (media) => {
    const essence = media.split(";")[0].trim().toLowerCase();
    return Object.hasOwn(MEDIA, essence) ? MEDIA[essence] : "bin";
  };
  const SINGLE = ["README.txt", "verify.html", "checkpoint", "checkpoint.sm2", "key.txt", "streams"];
  const STAMP = ["timestamp.tsr", "timestamp.checkpoint", "timestamp.json"];

  /** Sorts the files by their role; judges nothing. */
  function layoutOf(files) {
    const layout = { single: new Map(), stamp: new Map(), records: new Map(), withheld: new Map(), proofs: new Map(), disclosures: new Map(), attachments: new Map(), unknown: [] };
    for (const [name, bytes] of files) {
      const numbered = /^(records|withheld|proofs|disclosures)\/[0-9]{6}\.json$/.exec(name);
      const attached = /^attachments\/([0-9a-f]{64})\.([a-z0-9]+)$/.exec(name);
      if (SINGLE.includes(name)) layout.single.set(name, bytes);
      else if (STAMP.includes(name)) layout.stamp.set(name, bytes);
      else if (numbered) layout[numbered[1]].set(name, bytes);
      else if (attached && EXTENSIONS.includes(attached[2])) layout.attachments.set(name, { sha256: attached[1], ext: attached[2], bytes });
      else layout.unknown.push(name);
    }
    return layout;
  }

  function frame(report, layout) {
    if (layout.unknown.length === 0) report.say("files", "", PROVEN, "没有多余的文件。", "There are no files that do not belong.");
    for (const name of layout.unknown) {
      report.say("files", name, OPEN, "这个文件不属于证据包,没有任何证明,请勿采信。", "This file does not belong into a package; nothing vouches for it, do not rely on it.");
    }
    const readme = layout.single.get("README.txt");
    if (readme && hexHash(readme) === README_SHA256) report.say("readme", "README.txt", PROVEN, "说明文字是标准文本。", "The README is the standard text.");
    else report.say("readme", "README.txt", OPEN, "说明文字缺失,或不是本版本的标准文本,其中的话没有证明。", "The README is missing or not the standard text of this version; nothing vouches for what it says.");
    // A page cannot vouch for a page: whoever swapped one would swap its opinion too.
    const page = layout.single.get("verify.html");
    if (page) report.say("page", "verify.html", OPEN, `包里自带的核验页面不能为自己作证;它的 SHA-256 是 ${hexHash(page)},请与公布的核对,或从别处取得本页。`, `The page inside the package cannot vouch for itself; its SHA-256 is ${hexHash(page)}: compare it with the published one, or get this page from elsewhere.`);
    else report.say("page", "verify.html", OPEN, "包里没有核验页面。", "There is no verifying page in the package.");
  }
