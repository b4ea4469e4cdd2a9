//! Vocabulary: the values every other module speaks in.
//!
//! Values only: nothing here opens a file, a socket or a database, and nothing reads the clock.

pub mod period;
pub mod region;
pub mod department;
pub mod quantity;
pub mod fraction;
pub mod light;
pub mod stamp;
pub mod submission;
pub mod package;
pub mod cell;
pub mod observation;
pub mod columns;
pub mod standing;
pub mod account;
pub mod finding;
pub mod answers;
pub mod problem;
pub mod indicator;
pub mod month;
pub mod delivery;

pub use account::Account;
pub use answers::Answers;
pub use cell::CellRef;
pub use columns::Packed;
pub use delivery::{Delivery, DeliveryState, MailKind, Message};
pub use department::DepartmentCode;
pub use finding::{Finding, FindingCode, Place, Severity};
pub use fraction::Fraction;
pub use indicator::{Coverage, DepartmentFigure, IndicatorRow, IndicatorTable, RegionFigure, SeriesPoint, SourceItem, SourceRef};
pub use light::{GreyReason, Light};
pub use month::{Correction, Lagging, Month, ReportState, ReportingRow, TaskStatus, Timeliness};
pub use observation::{Accepted, Column, Observations, Part, TotalKind, TotalRow, Values};
pub use package::Package;
pub use period::Period;
pub use problem::Problem;
pub use quantity::Unit;
pub use region::RegionCode;
pub use stamp::Stamp;
pub use submission::{ContentHash, Refusal, Submission};
