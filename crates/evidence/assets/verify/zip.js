  // ------------------------------------------------------------------------------------------------------- zip
  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  function crc32(bytes) {
    let c = 0xffffffff;
    for (let i = 0; i < bytes.length; i += 1) c = CRC[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  }
  const notZip = (why) => refuse(
    `这不是可读的 zip 文件(${why});可能已损坏,请重新索取。`,
    `This is not a zip file that can be read in one way only (${why}); it was damaged or is another file, ask for it again.`,
  );
  const ambiguous = () => refuse(
    "zip 里有同名或互相重叠的文件,有意误导;请勿解压。",
    "The zip has two entries of one name or overlapping entries; it was made to mislead, do not unpack it.",
  );
  const tooLarge = (what, limit) => refuse(
    `${what} 超过 ${limit} 字节的上限;除非信得过来源,请勿打开。`,
    `${what} is larger than the allowed ${limit} bytes; do not open it unless you trust where it came from.`,
  );

  /** Extra fields that say nothing about name or size (times, owners). All others could make two readers see two files. */
  const HARMLESS = new Set([0x000a, 0x5455, 0x5855, 0x7875, 0xcafe]);
  function checkExtra(view, from, length) {
    let at = from;
    while (at < from + length) {
      if (from + length - at < 4) notZip("extra field");
      if (!HARMLESS.has(view.getUint16(at, true))) notZip("extra field");
      at += 4 + view.getUint16(at + 2, true);
    }
    if (at !== from + length) notZip("extra field");
  }
  /** The end record: the last 22 bytes, no comment, no second disk, no zip64. */
  function zipEnd(view) {
    const at = view.byteLength - 22;
    if (at < 0 || view.getUint32(at, true) !== 0x06054b50) notZip("no end record at the end");
    const u16 = (o) => view.getUint16(at + o, true);
    const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    if (u16(4) || u16(6) || u16(8) !== u16(10) || u16(20) || u16(10) === 0xffff) notZip("end record");
    if (start + size !== at) notZip("directory does not end where the end record begins");
    if (u16(10) > LIMIT.files) {
      refuse(`证据包有 ${u16(10)} 个文件,上限 ${LIMIT.files}。`, `The package has ${u16(10)} files and ${LIMIT.files} are allowed.`);
    }
    return { count: u16(10), start, at };
  }
  function centralEntry(bytes, view, at, end) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) notZip("directory");
    const u16 = (o) => view.getUint16(at + o, true);
    const u32 = (o) => view.getUint32(at + o, true);
    const [nameLength, extra, comment] = [u16(28), u16(30), u16(32)];
    const next = at + 46 + nameLength + extra + comment;
    if (next > end || u16(34) !== 0) notZip("directory");
    checkExtra(view, at + 46 + nameLength, extra);
    return {
      madeBy: u16(4), needed: u16(6), flags: u16(8), method: u16(10), time: u16(12), date: u16(14), crc: u32(16),
      packed: u32(20), size: u32(24), inner: u16(36), outer: u32(38), offset: u32(42), extra, comment, next,
      rawName: bytes.subarray(at + 46, at + 46 + nameLength),
    };
  }
  /** What a file's own header says must be what the directory says, or two readers would see two files. */
  function localEntry(bytes, view, entry, end) {
    const at = entry.offset;
    if (at + 30 > end || view.getUint32(at, true) !== 0x04034b50) notZip("file header");
    const u16 = (o) => view.getUint16(at + o, true);
    const u32 = (o) => view.getUint32(at + o, true);
    const [nameLength, extra] = [u16(26), u16(28)];
    const start = at + 30 + nameLength + extra;
    if (start + entry.packed > end) notZip("file runs into the directory");
    if (u16(6) !== entry.flags || u16(8) !== entry.method) notZip("file header differs from directory");
    if (!same(bytes.subarray(at + 30, at + 30 + nameLength), entry.rawName)) notZip("file header differs from directory");
    const sizes = u32(14) === entry.crc && u32(18) === entry.packed && u32(22) === entry.size;
    const later = entry.flags & 8 && !u32(14) && !u32(18) && !u32(22);
    if (!sizes && !later) notZip("file header differs from directory");
    checkExtra(view, at + 30 + nameLength, extra);
    const plain = u16(4) === 10 && u16(10) === 0 && u16(12) === 0x21 && extra === 0 && !later;
    return { ...entry, start, end: start + entry.packed, plain };
  }
  function checkEntry(entry) {
    if (entry.flags & ~0x080e) notZip("flags");
    if (entry.method !== 0 && entry.method !== 8) notZip("compression method");
    if (entry.method === 0 && entry.packed !== entry.size) notZip("stored size");
    if ([entry.packed, entry.size, entry.offset].includes(0xffffffff)) notZip("zip64");
    const unix = entry.madeBy >> 8 === 3;
    const mode = entry.outer >>> 16;
    const link = unix && (mode & 0xa000) === 0xa000;
    const name = safeName(entry.rawName);
    if (link || name === null) {
      const shown = new TextDecoder().decode(entry.rawName.subarray(0, LIMIT.name));
      refuse(`包内有文件名不安全:${JSON.stringify(shown)};请勿解压。`, `The package has a file with the unsafe name ${JSON.stringify(shown)}; do not unpack it.`);
    }
    return name;
  }
  /** A name that stays inside its folder on every system: relative, printable ASCII, no drive, no `.` or `..`. */
  function safeName(raw) {
    if (raw.length > LIMIT.name || raw.some((b) => b < 0x21 || b > 0x7e || b === 0x5c || b === 0x3a)) return null;
    const name = String.fromCharCode(...raw);
    const parts = (name.endsWith("/") ? name.slice(0, -1) : name).split("/");
    return parts.some((part) => part === "" || part === "." || part === "..") ? null : name;
  }
  async function inflate(packed, allowed, name) {
    if (typeof DecompressionStream === "undefined") {
      refuse("这个浏览器不能解压缩;请换一个较新的浏览器,或用原始(未再压缩)的文件。", "This browser cannot decompress; use a newer one, or the original file, which is not compressed.");
    }
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const parts = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return join(...parts);
      size += value.length;
      if (size > allowed) {
        reader.cancel().catch(() => {});
        tooLarge(name, allowed);
      }
      parts.push(value);
    }
  }
  async function content(bytes, entry, name, allowed) {
    if (entry.size > allowed) tooLarge(name, allowed);
    const raw = bytes.subarray(entry.start, entry.end);
    let out;
    try {
      out = entry.method === 0 ? raw : await inflate(raw, allowed, name);
    } catch (error) {
      if (error instanceof Refused) throw error;
      damaged(name, "deflate");
    }
    if (out.length !== entry.size) damaged(name, "size");
    if (crc32(out) !== entry.crc) damaged(name, "CRC-32");
    return out;
  }
  const damaged = (name, why) => refuse(`包内的 ${name} 无法读取(${why});证据包已损坏,请重新索取。`, `${name} inside the package cannot be read (${why}); it was damaged, ask for it again.`);

  /** All files of a zip, and whether it is byte for byte what the writer makes: stored, sorted, dated 1980, mode 644. */
  async function readZip(bytes) {
    if (bytes.length > LIMIT.packageBytes) tooLarge("证据包 / the package", LIMIT.packageBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = zipEnd(view);
    const entries = [];
    let at = end.start;
    for (let n = 0; n < end.count; n += 1) {
      const entry = centralEntry(bytes, view, at, end.at);
      at = entry.next;
      entries.push(entry);
    }
    if (at !== end.at) notZip("directory");
    const files = new Map();
    const placed = [];
    let room = LIMIT.totalBytes;
    const names = new Set();
    for (const listed of entries) {
      const name = checkEntry(listed);
      const entry = localEntry(bytes, view, listed, end.start);
      if (names.has(name)) ambiguous();
      names.add(name);
      placed.push({ ...entry, name });
    }
    const byPlace = [...placed].sort((a, b) => a.offset - b.offset);
    if (byPlace.some((entry, i) => i > 0 && entry.offset < byPlace[i - 1].end)) ambiguous();
    for (const entry of placed) {
      if (entry.name.endsWith("/")) continue;
      const out = await content(bytes, entry, entry.name, Math.min(LIMIT.fileBytes, room));
      room -= out.length;
      files.set(entry.name, out);
    }
    return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), canonical: isCanonical(placed, end) };
  }
  function isCanonical(placed, end) {
    let at = 0;
    for (const [i, e] of placed.entries()) {
      const header = e.madeBy === 0x030a && e.needed === 10 && e.flags === 0 && e.method === 0 && e.time === 0 && e.date === 0x21;
      const rest = e.extra === 0 && e.comment === 0 && e.inner === 0 && e.outer === 0x81a40000 && e.plain;
      if (!header || !rest || e.offset !== at || (i > 0 && placed[i - 1].name >= e.name)) return false;
      at = e.end;
    }
    return at === end.start;
  }
