//! A finding (审核意见): a defect in a submission. Findings are data: they are counted, stored, explained and shown.

use serde::{Deserialize, Serialize};

use super::CellRef;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 须修改: returns the file.
    Error,
    /// 请说明: returns the file unless a written explanation passes it.
    Explain,
    /// 提示: told, nothing more.
    Note,
}

impl Severity {
    /// The Chinese word: 须修改 请说明 提示.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "须修改",
            Self::Explain => "请说明",
            Self::Note => "提示",
        }
    }
}

macro_rules! finding_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $severity:ident;)*) => {
        /// The closed list of finding codes; `docs/findings.md` and `fixtures/findings/` bear the same names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode { $($(#[$doc])* $variant,)* }

        impl FindingCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as written, for instance `total-mismatch`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The severity the code has unless a declared rule says otherwise.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

finding_codes! {
    /// No table of the department's form was recognised in the file.
    NoDataset = "no-dataset", Error;
    /// A table that is due is not in the file (it stays 未报送; the others count).
    MissingSheet = "missing-sheet", Note;
    /// The heading row was not found on the sheet.
    MissingHeading = "missing-heading", Error;
    /// A required column is not among the headings.
    MissingColumn = "missing-column", Error;
    /// Two headings match one column.
    AmbiguousColumn = "ambiguous-column", Error;
    /// A required cell is blank.
    MissingValue = "missing-value", Error;
    /// A formula cell without its saved value.
    FormulaWithoutValue = "formula-without-value", Error;
    /// A saved value is not what its formula comes to.
    FormulaDiffers = "formula-differs", Explain;
    /// A cell holds an Excel error value (#REF!, #N/A …).
    ErrorValue = "error-value", Error;
    /// A cell that cannot be read as its column's type.
    UnreadableNumber = "unreadable-number", Error;
    UnreadableDate = "unreadable-date", Error;
    /// A choice that is not on the list.
    UnknownChoice = "unknown-choice", Error;
    /// A region that is not one of the cities.
    UnknownRegion = "unknown-region", Error;
    /// A county where a city belongs.
    CountyForCity = "county-for-city", Error;
    /// A value that breaks the column's range.
    OutOfRange = "out-of-range", Error;
    /// A text that breaks the column's pattern.
    PatternMismatch = "pattern-mismatch", Error;
    /// The same key twice in one table.
    DuplicateKey = "duplicate-key", Error;
    /// An expected region has no row.
    MissingRegion = "missing-region", Error;
    /// An expected item of a form has no row.
    MissingItem = "missing-item", Error;
    /// A rule of the pipeline file does not hold.
    RuleBroken = "rule-broken", Error;
    /// The total row differs from the sum of its parts.
    TotalMismatch = "total-mismatch", Error;
    /// The total is below the sum of its parts where it may only be larger.
    TotalBelowParts = "total-below-parts", Error;
    /// A date after the end of the period.
    DateAfterPeriod = "date-after-period", Error;
    /// File name, hidden sheet and folder disagree on department or period.
    ContradictoryIdentity = "contradictory-identity", Error;
    /// A form that was drawn before the plan changed one of its tables.
    OutdatedForm = "outdated-form", Note;
    /// Words in 情况说明 that nothing was asked for.
    RemarkKept = "remark-kept", Note;
    /// Cells that nobody read: 请说明 where rows of a table may stand there, 提示 elsewhere.
    UnreadCells = "unread-cells", Explain;
    /// Several visible sheets fit one table and say different things.
    SheetsCompete = "sheets-compete", Explain;
    /// A sheet repeats another one.
    DuplicateSheet = "duplicate-sheet", Note;
    /// A hidden sheet holds rows: 请说明 where no visible one does, 提示 elsewhere.
    HiddenSheet = "hidden-sheet", Explain;
    /// Struck-through rows.
    StruckThrough = "struck-through", Explain;
    /// Rows that say of themselves that they do not count.
    DeniedRows = "denied-rows", Explain;
    /// Rows that a filter hides count.
    HiddenRows = "hidden-rows", Note;
    /// A value under a merged area.
    CoveredCells = "covered-cells", Note;
    /// A row of a form that the form does not have.
    UnknownItem = "unknown-item", Error;
    /// The data month was not over when the file came.
    PeriodNotOver = "period-not-over", Error;
    /// A title or heading speaks of another month.
    MonthOfTitle = "month-of-title", Explain;
    /// A dataset on the sheet that this department does not hand in.
    ForeignDataset = "foreign-dataset", Note;
    /// A column that had figures last month is 0 throughout.
    AllZero = "all-zero", Explain;
    /// A cumulative value below last month's (核减).
    CumulativeDecreased = "cumulative-decreased", Explain;
    /// The whole table equals last month's.
    SameAsLastMonth = "same-as-last-month", Explain;
    /// Two files that came together hold one table with different contents.
    SameTableTwice = "same-table-twice", Explain;
    /// The same bytes as a file that stood before an accepted correction.
    UndoesCorrection = "undoes-correction", Explain;
    /// Month and cumulative columns look swapped.
    MonthCumulativeSwapped = "month-cumulative-swapped", Explain;
    /// One city's month is far above its usual one.
    MonthJumps = "month-jumps", Explain;
    /// A month is not the difference of two cumulatives.
    MonthDiffers = "month-differs", Explain;
    /// One amount is many times the largest other of its column.
    OutOfProportion = "out-of-proportion", Explain;
    /// A list that had rows has none.
    ListEmptied = "list-emptied", Explain;
    /// Rows of an accepted list are gone.
    ListShrank = "list-shrank", Explain;
    /// A power of ten away from last month's.
    UnitFactor = "unit-factor", Explain;
    /// The same-period-last-year column differs from what was archived a year ago.
    LastYearChanged = "last-year-changed", Note;
    /// This year's and last year's cumulative columns look swapped.
    LastYearSwapped = "last-year-swapped", Explain;
    /// The same-period-last-year column repeats last year's own same-period column.
    LastYearUnchanged = "last-year-unchanged", Explain;
    /// Two departments report the same key.
    KeyInTwoDepartments = "key-in-two-departments", Explain;
    /// The same key under variant spellings.
    VariantSpelling = "variant-spelling", Explain;
    /// A row outside the dataset's scope.
    OutOfScope = "out-of-scope", Explain;
    /// 省本级及跨市 appears in a table of cities, or goes.
    ProvinceOwn = "province-own", Explain;
    /// Rows whose date lies in another year than the target's.
    AnotherYear = "another-year", Explain;
    /// Rows that would count but for a blank date.
    UndatedRow = "undated-row", Explain;
    /// A list of a year that bears another year.
    ListOfAnotherYear = "list-of-another-year", Explain;
    /// A date and a 批次 of different years.
    BatchYear = "batch-year", Note;
    /// An 18-digit code that Excel has rounded.
    RoundedCode = "rounded-code", Error;
    /// The sheet ends exactly at a format's last row.
    CutAtRowLimit = "cut-at-row-limit", Explain;
    /// A number format shows amounts a thousandfold smaller than they are.
    ScaledFormat = "scaled-format", Explain;
    /// All values of a % column are ≤ 1 and the format is unknown.
    PercentUnclear = "percent-unclear", Explain;
    /// 约, 近, 余 at a number that counts.
    ApproximateNumber = "approximate-number", Explain;
    /// A caption or heading names a unit that is none we know, or none of the column's kind.
    UnitUnknown = "unit-unknown", Explain;
    /// A region with a note in brackets.
    RegionNoted = "region-noted", Explain;
    /// A value was read through a conversion that changed its form (full width, thousands separators, 万/亿 …).
    Coercion = "coercion", Note;
    /// A value was rounded to the column's decimals.
    Rounded = "rounded", Note;
    /// A caption or heading gives another unit than the form.
    UnitOverride = "unit-override", Note;
    /// Reported and computed growth differ by more than half a point.
    GrowthDiffers = "growth-differs", Note;
    /// A column nobody asked for.
    ExtraColumn = "extra-column", Note;
}

impl Serialize for FindingCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for FindingCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.code() == text)
            .ok_or_else(|| serde::de::Error::custom(format!("unknown finding code `{text}`")))
    }
}

/// Where in a submission a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    pub sheet: Option<String>,
    pub cell: Option<CellRef>,
}

impl Place {
    /// `“技改投资”表C7`; empty for a whole file.
    #[must_use]
    pub fn in_file(&self) -> String {
        let sheet = self.sheet.as_ref().map(|sheet| format!("“{sheet}”表")).unwrap_or_default();
        let cell = self.cell.map(|cell| cell.to_string()).unwrap_or_default();
        sheet + &cell
    }
}

/// One defect in a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    pub code: FindingCode,
    #[serde(flatten)]
    pub place: Place,
    pub dataset: Option<String>,
    /// The row's key (its key cells joined by `|`), so that an explanation survives moved rows.
    pub row_key: Option<String>,
    pub column: Option<String>,
    /// The value as found.
    pub found: Option<String>,
    pub expected: Option<String>,
    /// One Chinese sentence that an officer can act on, without file and sheet name.
    pub message: String,
    /// The written explanation that passes a 请说明, once given.
    pub explanation: Option<String>,
    /// Where it stands for several like ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alike: Option<Alike>,
}

/// So many cells of a group are named.
pub const CELLS_MAX: usize = 10;
/// So many characters of a cell's text are kept.
pub const TEXT_MAX: usize = 4096;

/// What like findings that are told as one have beside the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// Names the group.
    pub name: String,
    /// How many they are.
    pub count: usize,
    /// The first [`CELLS_MAX`], the finding's own among them.
    pub cells: Vec<CellRef>,
    /// How many still want an explanation.
    pub open: usize,
    /// The first [`CELLS_MAX`] of these, where others have theirs.
    pub open_cells: Vec<CellRef>,
    /// As many of them as are marked in a returned workbook, each with its own words; known only while the file is judged.
    #[serde(skip)]
    pub members: Vec<Finding>,
}

/// So many members of a group are marked.
pub const MEMBERS_MAX: usize = 1_000;

impl Finding {
    /// A finding of `code` at `place` with the code's own severity.
    #[must_use]
    pub fn new(code: FindingCode, place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: code.severity(),
            code,
            place,
            dataset: None,
            row_key: None,
            column: None,
            found: None,
            expected: None,
            message: message.into(),
            explanation: None,
            alike: None,
        }
    }

    /// As much of a cell's text as is kept.
    #[must_use]
    pub fn kept(text: String) -> String {
        match text.char_indices().nth(TEXT_MAX) {
            Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
            None => text,
        }
    }

    /// How many findings it stands for.
    #[must_use]
    pub fn count(&self) -> usize {
        self.alike.as_ref().map_or(1, |alike| alike.count)
    }

    /// The cells it names: up to [`CELLS_MAX`], its own first.
    #[must_use]
    pub fn cells(&self) -> Vec<CellRef> {
        self.alike.as_ref().map_or_else(|| self.place.cell.into_iter().collect(), |alike| alike.cells.clone())
    }

    /// Where the findings it stands for are: `共3处：B5、B7、B9`; empty for a single one.
    #[must_use]
    pub fn places(&self) -> String {
        let Some(alike) = &self.alike else { return String::new() };
        let all = format!("共{}处：{}", alike.count, listed(&alike.cells, alike.count));
        if alike.open_cells.is_empty() {
            return all;
        }
        format!("{all}，尚有{}处未说明：{}", alike.open, listed(&alike.open_cells, alike.open))
    }

    /// Its message, and where the findings it stands for are.
    #[must_use]
    pub fn told(&self) -> String {
        let places = self.places();
        if places.is_empty() { self.message.clone() } else { format!("{}（{places}）", self.message) }
    }

    /// What an answer names it by: its identity, or its group's name.
    #[must_use]
    pub fn id(&self) -> String {
        self.alike.as_ref().map_or_else(|| self.identity(), |alike| alike.name.clone())
    }

    /// The same finding with another severity than its code's.
    #[must_use]
    pub fn with(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Whether it keeps its file from being accepted.
    #[must_use]
    pub fn returns_file(&self) -> bool {
        match self.severity {
            Severity::Error => true,
            Severity::Explain => self.explanation.is_none(),
            Severity::Note => false,
        }
    }

    /// The identity an explanation belongs to: (dataset, code, row key or cell, column, found value).
    ///
    /// An explanation lapses when any of them changes.
    #[must_use]
    pub fn identity(&self) -> String {
        let cell = self.place.cell.map(|cell| cell.to_string());
        let row = self.row_key.as_deref().or(cell.as_deref()).unwrap_or("");
        [
            self.dataset.as_deref().unwrap_or(""),
            self.code.code(),
            row,
            self.column.as_deref().unwrap_or(""),
            self.found.as_deref().unwrap_or(""),
        ]
        .join("¦")
    }

    /// Whether that identity is this finding's, but for the value found: the same asked of another month.
    #[must_use]
    pub fn is_same_but_for_the_value(&self, identity: &str) -> bool {
        let stem = |identity: &str| identity.rsplit_once('¦').map(|(stem, _)| stem.to_owned());
        stem(identity) == stem(&self.identity())
    }
}

fn listed(cells: &[CellRef], count: usize) -> String {
    let more = if count > cells.len() { "…" } else { "" };
    format!("{}{more}", cells.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"))
}
