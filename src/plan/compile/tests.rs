//! Whole workspaces through the compiler.
use super::*;

#[test]
fn adhoc_shipped() {
    let Ok(path) = std::env::var("WENJIN_ADHOC") else { return };
    let t = std::time::Instant::now();
    let r = workspace(Path::new(&path), None, &|_| None, None);
    println!("{:?}", t.elapsed());
    match r {
        Err(p) => println!("{}", crate::present::problems::render(&p, false)),
        Ok((s, p)) => println!(
            "{s:#?} {} measures {} indicators {} datasets {} tasks {}",
            p.measures.len(),
            p.indicators().count(),
            p.datasets.len(),
            p.measures.iter().map(|m| m.tasks.len()).sum::<usize>(),
            p.hash
        ),
    }
}
