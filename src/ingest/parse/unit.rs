//! The units a table's columns are written in: by heading, else by unit line. What is no unit of the column is asked about.

use crate::ingest::grid::Grid;
use crate::ingest::layout::Block;
use crate::ingest::layout::caption::Caption;
use crate::ingest::layout::heading::Bound;
use crate::ingest::layout::units::is_scale;
use crate::model::quantity::Dimension;
use crate::model::{Finding, FindingCode, Unit};
use crate::plan::{ColumnSpec, Dataset};

use super::{Context, format_words, is_numeric};

/// The unit of each column on the sheet, where it is not the column's own.
pub struct SheetUnits(Vec<Option<Unit>>);

/// What a text says of one column's unit.
enum Said {
    Nothing,
    /// One that converts; the column's own where several do.
    Unit(Unit),
    /// Several that convert, none of them the column's.
    Several(String),
}

/// What is read with.
struct Sheet<'a> {
    grid: &'a Grid,
    dataset: &'a Dataset,
    table: &'a Block,
    context: Context<'a>,
}

impl SheetUnits {
    /// Reads headings and unit lines; conversions are told, doubts asked.
    pub fn read(grid: &Grid, dataset: &Dataset, table: &Block, context: Context, findings: &mut Vec<Finding>) -> Self {
        let sheet = Sheet { grid, dataset, table, context };
        let mut open = Vec::new();
        let mut units = Vec::new();
        for (at, (spec, bound)) in dataset.columns.iter().zip(&table.heading.bound).enumerate() {
            let Some(bound) = bound.as_ref().filter(|_| is_numeric(spec.kind)) else {
                units.push(None);
                continue;
            };
            let said = sheet.column(spec, bound, &mut open, findings);
            let column = format_words::Column { grid, dataset, table, spec, at, sheet: said.as_ref(), context };
            let shown = column.shown(findings);
            units.push(shown.or(said));
        }
        findings.extend(sheet.unknown_captions(&open));
        Self(units)
    }

    /// The unit of the column at `at`, where it is not its own.
    #[must_use]
    pub fn of(&self, at: usize) -> Option<&Unit> {
        self.0.get(at)?.as_ref()
    }
}

impl<'a> Sheet<'a> {
    /// The unit of one column; a column that nothing names a unit for is left `open`.
    fn column(&self, spec: &'a ColumnSpec, bound: &Bound, open: &mut Vec<&'a ColumnSpec>, findings: &mut Vec<Finding>) -> Option<Unit> {
        let heading = bound.units.as_ref();
        let Some(column) = spec.unit.as_ref() else {
            let heading = heading.filter(|_| !bound.by_upper)?;
            let multiple = heading.known.iter().find(|unit| !unit.is_base()).map(Unit::name);
            let multiple = multiple.or_else(|| heading.unknown.iter().find(|word| is_scale(word)).map(String::as_str))?;
            findings.push(self.at_heading(spec, bound, multiple, "个数"));
            return None;
        };
        match heading.map_or(Said::Nothing, |units| said(&units.beside(column), column)) {
            Said::Unit(unit) => return self.told(spec, bound, unit, None, findings),
            Said::Several(words) => {
                findings.push(self.at_heading(spec, bound, &words, column.name()));
                return None;
            }
            Said::Nothing => {}
        }
        let foreign = heading.filter(|_| !bound.by_upper && !column.is_ratio()).and_then(|units| {
            let other = units.known.iter().filter(|unit| !unit.is_ratio()).map(|unit| unit.name().to_owned()).next();
            other.or_else(|| units.unknown.first().cloned())
        });
        if let Some(word) = foreign {
            findings.push(self.at_heading(spec, bound, &word, column.name()));
            return None;
        }
        for caption in &self.table.captions {
            // 单位：万 says nothing of firms that are counted.
            let counts = matches!(column.dimension(), Dimension::Count | Dimension::Person);
            let units = if counts { caption.units.known.clone() } else { caption.units.beside(column) };
            match said(&units, column) {
                Said::Unit(unit) => return self.told(spec, bound, unit, Some(caption), findings),
                Said::Several(words) => {
                    findings.push(self.at_caption(spec, bound, caption, &words));
                    return None;
                }
                Said::Nothing => {}
            }
        }
        open.push(spec);
        None
    }

    /// Tells that a column is converted; `None` where its unit is the column's own.
    fn told(&self, spec: &ColumnSpec, bound: &Bound, unit: Unit, caption: Option<&Caption>, findings: &mut Vec<Finding>) -> Option<Unit> {
        let column = spec.unit.as_ref().filter(|column| unit.convert(1.into(), column) != Some(1.into()))?;
        let (name, own) = (unit.name(), column.name());
        let finding = if let Some(sheet) = caption.and_then(|caption| caption.sheet.as_ref()) {
            let message = format!(
                "“{}”栏在本表未注明单位，暂按“{sheet}”注明的{name}换算为{own}，请在本表表头上方注明单位后重新报送；确以{name}填报的，请说明",
                bound.text
            );
            Finding::new(FindingCode::UnitUnknown, self.context.place(self.grid, Some((bound.row, bound.column))), message)
        } else {
            let place = caption.map_or((bound.row, bound.column), |caption| caption.place);
            let message = format!("“{}”栏表上单位为{name}，表样为{own}，已换算为{own}", bound.text);
            Finding::new(FindingCode::UnitOverride, self.context.place(self.grid, Some(place)), message)
        };
        findings.push(Finding {
            dataset: Some(self.dataset.code.clone()),
            column: Some(spec.name.clone()),
            found: Some(name.to_owned()),
            expected: Some(own.to_owned()),
            ..finding
        });
        Some(unit)
    }

    fn at_heading(&self, spec: &ColumnSpec, bound: &Bound, word: &str, own: &str) -> Finding {
        let message = format!(
            "“{}”栏表头注明的单位“{word}”不能换算为本栏的{own}，请改用{own}（或注明可换算的单位）并核对数据；数据确为{own}的，请说明",
            bound.text
        );
        let place = self.context.place(self.grid, Some((bound.row, bound.column)));
        self.asked(Some(spec), word, own, Finding::new(FindingCode::UnitUnknown, place, message))
    }

    fn at_caption(&self, spec: &ColumnSpec, bound: &Bound, caption: &Caption, words: &str) -> Finding {
        let own = spec.unit.as_ref().map_or("", Unit::name);
        let message = format!("单位行注明“{words}”，“{}”栏用的是哪一个无法判断，请在该栏表头注明单位；数据确为{own}的，请说明", bound.text);
        let place = self.context.place(self.grid, Some(caption.place));
        self.asked(Some(spec), words, own, Finding::new(FindingCode::UnitUnknown, place, message))
    }

    fn asked(&self, spec: Option<&ColumnSpec>, found: &str, expected: &str, finding: Finding) -> Finding {
        Finding {
            dataset: Some(self.dataset.code.clone()),
            column: spec.map(|spec| spec.name.clone()),
            found: Some(found.to_owned()),
            expected: Some(expected.to_owned()),
            ..finding
        }
    }

    /// Unit lines whose words are no unit we know, or none of this table's, while a column they may speak of has no other.
    fn unknown_captions(&self, open: &[&ColumnSpec]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        let named = |unit: &Unit| self.dataset.columns.iter().filter_map(|spec| spec.unit.as_ref()).any(|own| unit.converts_to(own));
        let all_foreign = !self.table.captions.iter().flat_map(|caption| &caption.units.known).any(named);
        for caption in &self.table.captions {
            let foreign = caption.units.known.iter().filter(|unit| all_foreign && !unit.is_ratio()).map(|unit| unit.name().to_owned());
            for word in caption.units.unknown.iter().cloned().chain(foreign) {
                let Some(spec) = open.iter().find(|spec| spec.unit.as_ref().is_some_and(|own| may_be(&word, own))) else { continue };
                let own = spec.unit.as_ref().map_or("", Unit::name);
                let message = format!(
                    "单位行注明的“{word}”不能换算为“{}”栏的{own}，请改用{own}（或注明可换算的单位）并核对数据；数据确为{own}的，请说明",
                    crate::plan::heading::headings(self.dataset, spec, self.context.period).shown
                );
                let place = self.context.place(self.grid, Some(caption.place));
                let place = crate::model::Place { sheet: caption.sheet.clone().or(place.sheet), ..place };
                findings.push(self.asked(None, &word, own, Finding::new(FindingCode::UnitUnknown, place, message)));
            }
        }
        findings
    }
}

fn said(known: &[Unit], column: &Unit) -> Said {
    let fitting: Vec<&Unit> = known.iter().filter(|unit| unit.converts_to(column)).collect();
    let is_own = |unit: &&&Unit| unit.convert(1.into(), column) == Some(1.into());
    match fitting.as_slice() {
        [] => Said::Nothing,
        [one] => Said::Unit((*one).clone()),
        several => several.iter().find(is_own).map_or_else(
            || Said::Several(several.iter().map(|unit| unit.name()).collect::<Vec<_>>().join("、")),
            |own| Said::Unit((*own).clone()),
        ),
    }
}

/// Whether a word that is no unit of ours may speak of a column: of amounts any may, of counted things one that counts.
fn may_be(word: &str, column: &Unit) -> bool {
    match column.dimension() {
        Dimension::Percent | Dimension::PercentagePoint | Dimension::Day => false,
        Dimension::Count | Dimension::Person => {
            Unit::prefixes().any(|(prefix, _)| word.starts_with(prefix)) && !Unit::parse(word).is_some_and(|unit| unit.is_base())
        }
        Dimension::Yuan | Dimension::Dollar | Dimension::Kilowatt | Dimension::Tonne | Dimension::Vehicle => true,
    }
}
