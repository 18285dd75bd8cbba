//! The products folder: every `*.toml` in it is one version of one product.

use std::path::{Path, PathBuf};

use mingbai_core::text::{Tell, both};
use mingbai_desk::Product;
use mingbai_desk::product::FILE_LIMIT;

use crate::fail::{Fail, Kind};

/// The most product files of one installation; more is the wrong folder.
const PRODUCTS: usize = 1_000;

/// Reads the folder, which need not exist. The newest version of each product comes last: it is the one on offer.
pub fn load(folder: &Path) -> Result<Vec<Product>, Fail> {
    let mut products = files(folder)?.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    products.sort_by_key(|product| (product.id().to_owned(), parts(product.version())));
    Ok(products)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Fail> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Fail::reading(folder, &e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Fail::reading(folder, &e))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            found.push(path);
        }
    }
    if found.len() > PRODUCTS {
        let shown = folder.display();
        let what = both(format!("{shown} 里的文件太多"), format!("there are too many files in {shown}"));
        let why = both(format!("上限 {PRODUCTS} 个"), format!("the limit is {PRODUCTS}"));
        return Err(Fail::new(Kind::Input, what).because(why));
    }
    found.sort();
    Ok(found)
}

/// Reads one product file.
pub fn read(path: &Path) -> Result<Product, Fail> {
    let text = crate::commands::read_text(path, FILE_LIMIT as u64)?;
    Product::parse(&text).map_err(|e| {
        let shown = path.display();
        Fail::new(
            Kind::Input,
            both(format!("产品文件 {shown} 不能用"), format!("the product file {shown} cannot be used")),
        )
        .because(e.words())
        .next("照 examples/products/ 里的例子改。", "Compare it with the examples in examples/products/.")
    })
}

/// A version in parts, numbers as numbers: 2026.10 comes after 2026.9.
fn parts(version: &str) -> Vec<(u64, String)> {
    version.split('.').map(|part| (part.parse().unwrap_or(u64::MAX), part.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(parts("2026.10") > parts("2026.9"));
        assert!(parts("2027.1") > parts("2026.10"));
        assert!(parts("2026.1") > parts("2026"));
    }
}
