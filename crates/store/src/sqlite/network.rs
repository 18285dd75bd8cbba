//! Whether a path lies on a network file system, read from what Linux says about its mounts. SQLite's own documents say why
//! that matters: its locks and syncs are only as good as the file system's, and WAL needs shared memory.

use std::path::Path;

/// File systems whose files another machine may change, or whose syncs end at another machine.
const NETWORK: [&str; 22] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb",
    "smb2",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ncpfs",
    "ceph",
    "lustre",
    "gfs2",
    "ocfs2",
    "beegfs",
    "gpfs",
    "glusterfs",
    "vboxsf",
    "prl_fs",
    "davfs",
    "coda",
    "virtiofs",
];
/// The same where they are mounted through FUSE: `fuse.sshfs` and others.
const FUSE: [&str; 14] = [
    "sshfs",
    "s3fs",
    "s3ql",
    "gcsfuse",
    "goofys",
    "rclone",
    "glusterfs",
    "ceph",
    "davfs",
    "davfs2",
    "curlftpfs",
    "juicefs",
    "vmhgfs-fuse",
    "mount-s3",
];

/// The kind of network file system that `path` (absolute, without links) lies on, if it lies on one. `mountinfo` is the
/// content of `/proc/self/mountinfo`.
pub(crate) fn network_kind(mountinfo: &str, path: &Path) -> Option<String> {
    let mut deepest = (0, None);
    for line in mountinfo.lines() {
        let Some((mount, kind)) = mount_and_kind(line) else { continue };
        let depth = Path::new(&mount).components().count();
        // A later mount on the same place hides the earlier one.
        if path.starts_with(&mount) && depth >= deepest.0 {
            deepest = (depth, Some(kind));
        }
    }
    let kind = deepest.1?;
    let fuse = kind.strip_prefix("fuse.").is_some_and(|name| FUSE.contains(&name));
    (fuse || NETWORK.contains(&kind)).then(|| kind.to_owned())
}

/// Where something is mounted, and what: the fifth field, and the first one after the hyphen.
fn mount_and_kind(line: &str) -> Option<(String, &str)> {
    let (before, after) = line.split_once(" - ")?;
    Some((unescaped(before.split(' ').nth(4)?), after.split(' ').next()?))
}

/// Space, tab, newline and backslash stand as `\040` and so on.
fn unescaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let digits = tail.get(..3).and_then(|three| std::str::from_utf8(three).ok());
        let byte = digits.filter(|_| *first == b'\\').and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if byte.is_some() {
            rest = &tail[3..];
        }
        out.push(byte.unwrap_or(*first));
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::network_kind;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /srv rw - nfs4 filer:/export rw,vers=4.2
31 30 254:1 / /srv/local rw - xfs /dev/vdb rw
32 22 0:31 / /mnt/my\\040share rw - fuse.sshfs me@host: rw
33 22 0:32 / /twice rw - cifs //host/share rw
34 22 0:33 / /twice rw - ext4 /dev/vdc rw
35 22 0:34 / /host rw master:2 propagate_from:1 - 9p share rw,trans=virtio
36 22 0:35 / /crypt rw - fuse.gocryptfs /dir rw
broken line
";

    fn kind(path: &str) -> Option<String> {
        network_kind(MOUNTS, Path::new(path))
    }

    #[test]
    fn the_deepest_and_latest_mount_decides() {
        assert_eq!(kind("/var/lib/mingbai"), None);
        assert_eq!(kind("/srv/mingbai").as_deref(), Some("nfs4"));
        assert_eq!(kind("/srvmingbai"), None, "a name that only begins alike");
        assert_eq!(kind("/srv/local/mingbai"), None);
        assert_eq!(kind("/mnt/my share/x").as_deref(), Some("fuse.sshfs"));
        assert_eq!(kind("/twice/x"), None);
        assert_eq!(kind("/host/x/y").as_deref(), Some("9p"));
        assert_eq!(kind("/crypt/x"), None, "FUSE over a local folder");
        assert_eq!(network_kind("", Path::new("/x")), None);
    }
}
