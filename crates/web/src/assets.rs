//! Styles and scripts, compiled in. Their address carries a digest of their content, so that browsers may keep them for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingbai_desk::evidence::Digest;

/// One file.
struct Asset {
    name: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const ASSETS: [Asset; 12] = [
    Asset { name: "tokens.css", media: CSS, bytes: include_bytes!("../assets/tokens.css") },
    Asset { name: "base.css", media: CSS, bytes: include_bytes!("../assets/base.css") },
    Asset { name: "listen.js", media: JS, bytes: include_bytes!("../assets/listen.js") },
    Asset { name: "sign.js", media: JS, bytes: include_bytes!("../assets/sign.js") },
    Asset { name: "film.js", media: JS, bytes: include_bytes!("../assets/film.js") },
    Asset { name: "record.js", media: JS, bytes: include_bytes!("../assets/record.js") },
    Asset { name: "play.js", media: JS, bytes: include_bytes!("../assets/play.js") },
    Asset { name: "checkin.js", media: JS, bytes: include_bytes!("../assets/checkin.js") },
    Asset { name: "screen.js", media: JS, bytes: include_bytes!("../assets/screen.js") },
    Asset { name: "passkey.js", media: JS, bytes: include_bytes!("../assets/passkey.js") },
    // npm signature_pad 5.1.4, MIT, unchanged but for the line that names its source map; licence beside it.
    Asset {
        name: "signature_pad.js",
        media: JS,
        bytes: include_bytes!("../assets/vendor/signature_pad-5.1.4.umd.min.js"),
    },
    Asset { name: "icon.svg", media: SVG, bytes: include_bytes!("../assets/icon.svg") },
];

static ADDRESSES: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
    let address = |asset: &Asset| {
        let digest = Digest::of(asset.bytes).to_string();
        (asset.name, format!("/assets/{}/{}", &digest[..16], asset.name))
    };
    ASSETS.iter().map(address).collect()
});

/// The address of a file; a name that does not exist leads nowhere.
#[must_use]
pub fn address(name: &str) -> &'static str {
    ADDRESSES.iter().find(|(known, _)| *known == name).map_or("/assets/missing", |(_, address)| address)
}

/// Hands a file out. A digest of an older build still gets the file, but may not be kept.
pub async fn get(Path((digest, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let current = address(asset.name).split('/').nth(2) == Some(digest.as_str());
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-store" };
    ([(header::CONTENT_TYPE, asset.media), (header::CACHE_CONTROL, keep)], asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_an_address_with_its_digest() {
        assert!(ASSETS.iter().all(|asset| address(asset.name).ends_with(asset.name)));
        assert_eq!(address("nothing.js"), "/assets/missing");
    }
}
