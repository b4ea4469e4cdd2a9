//! The sets of pipeline files a workspace has, each compiled once, and what an earlier set means for the plan of a period.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::config::Config;
use super::earlier;
use super::pipelines::{self, Mask, Pipeline};
use super::set::compile;
use crate::model::{Period, Problem};
use crate::plan::Plan;
use crate::settings::document::Problems;

/// A workspace's definition files, and the plans that were made of them.
pub struct Sets<'a> {
    config: &'a Config,
    files: &'a [Pipeline],
    /// `[plan] year`.
    year: i32,
    problems: &'a Problems,
    compiled: RefCell<BTreeMap<Mask, Rc<Compiled>>>,
}

/// One set of files, compiled.
pub struct Compiled {
    pub plan: Plan,
    /// What the compiler found wrong with the set.
    pub problems: Vec<Problem>,
}

impl<'a> Sets<'a> {
    /// Nothing is compiled yet.
    pub fn new(config: &'a Config, files: &'a [Pipeline], year: i32, problems: &'a Problems) -> Self {
        Self { config, files, year, problems, compiled: RefCell::default() }
    }

    /// The plan of a set, as its files alone say it.
    pub fn compiled(&self, mask: &Mask) -> Rc<Compiled> {
        if let Some(known) = self.compiled.borrow().get(mask) {
            return Rc::clone(known);
        }
        let before = self.problems.take();
        let mut plan = compile(self.config, &pipelines::chosen(self.files, mask), self.year);
        plan.earlier.datasets = earlier::datasets(self.files, mask, self.year);
        let compiled = Rc::new(Compiled { plan, problems: self.problems.take() });
        for problem in before {
            self.problems.push(problem);
        }
        self.compiled.borrow_mut().insert(mask.clone(), Rc::clone(&compiled));
        compiled
    }

    /// The plan of `period`: its files, and each indicator as the files valid for its data month have it.
    /// All problems of the files it is made of, where they have any.
    pub fn plan(&self, period: Period) -> Result<Plan, Vec<Problem>> {
        let mask = pipelines::mask(self.files, period);
        let own = self.compiled(&mask);
        let mut plan = own.plan.clone();
        let mut problems = own.problems.clone();
        for data in earlier::data_months(&own.plan, period) {
            let then = pipelines::mask(self.files, data);
            let gone: Vec<&Pipeline> = self.files.iter().filter(|file| file.covers(data) && !file.covers(period)).collect();
            if gone.is_empty() {
                continue;
            }
            let before = self.compiled(&then);
            problems.extend(before.problems.iter().cloned());
            earlier::take_over(&mut plan, &own.plan, (period, data), &before.plan, &gone);
        }
        if problems.is_empty() { Ok(plan) } else { Err(problems) }
    }
}
