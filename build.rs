//! Compresses the reference data, so that it travels small inside the one binary.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

const DATA: [&str; 5] = [
    "src/region/data/divisions.csv",
    "src/region/data/division_periods.csv",
    "src/region/data/counties_832.csv",
    "src/catalogue/data/categories.csv",
    "src/demo/data/gi_products.csv",
];

fn main() -> io::Result<()> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);
    for source in DATA {
        println!("cargo:rerun-if-changed={source}");
        let name = source.rsplit('/').next().unwrap_or(source);
        let packed = File::create(out.join(format!("{name}.gz")))?;
        let mut packer = flate2::write::GzEncoder::new(packed, flate2::Compression::best());
        packer.write_all(&fs::read(source)?)?;
        packer.finish()?;
    }
    Ok(())
}
