//! Tells cargo that the binary carries these folders: a changed probe, dataset or model is a changed program.

fn main() {
    for folder in ["probes", "datasets", "models/reference"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
