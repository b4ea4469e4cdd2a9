//! What has not been handed in: a department's own list by due day; for the leading group one line a department.

use chrono::NaiveDate;

use crate::deliver::headers::one_line;
use crate::deliver::reader::Reader;
use crate::model::{Month, ReportState, ReportingRow};
use crate::plan::Plan;
use crate::present::captions;
use crate::settings::Settings;

/// The sentences for `reader`.
pub fn of(plan: &Plan, settings: &Settings, month: &Month, reader: Reader<'_>) -> Vec<String> {
    let open = |row: &&ReportingRow| row.state.is_owed();
    let Reader::Department(department) = reader else {
        let lines = plan.reporting_departments().map(|department| {
            let titles: Vec<_> = month.reporting.iter().filter(open).filter(|row| row.department == department.code).collect();
            (&department.name, titles)
        });
        return lines.filter(|(_, rows)| !rows.is_empty()).map(|(name, rows)| format!("{}：{}。", one_line(name), titles(&rows))).collect();
    };
    let mine: Vec<&ReportingRow> = month.reporting.iter().filter(open).filter(|row| row.department == department.code).collect();
    let mut groups: Vec<(ReportState, NaiveDate, Vec<&ReportingRow>)> = Vec::new();
    for row in mine {
        match groups.iter_mut().find(|(state, due, _)| (*state, *due) == (row.state, row.due)) {
            Some((_, _, rows)) => rows.push(row),
            None => groups.push((row.state, row.due, vec![row])),
        }
    }
    groups.sort_by_key(|(state, due, _)| (*due, *state == ReportState::Returned));
    groups.iter().map(|(state, due, rows)| owed_sentence(settings, month, *state, *due, &titles(rows))).collect()
}

fn titles(rows: &[&ReportingRow]) -> String {
    rows.iter().map(|row| one_line(&row.title)).collect::<Vec<_>>().join("、")
}

fn owed_sentence(settings: &Settings, month: &Month, state: ReportState, due: NaiveDate, titles: &str) -> String {
    let hour = settings.schedule.deadline_hour;
    let now = month.now.naive_local();
    let open = (now.date(), chrono::Timelike::hour(&now)) < (due, hour);
    match (state, open) {
        (ReportState::Returned, true) => {
            format!("{titles}已退回修改，请于{}前按附件中“数据审核意见”修改后重新报送。", captions::due(due, hour))
        }
        (ReportState::Returned, false) => {
            format!("{titles}应于{}前报送，已退回修改，目前尚未收到修改件，请尽快重新报送。", captions::weekday(due))
        }
        (ReportState::Refused, true) => format!("{titles}已收到但无法读取，请于{}前重新报送。", captions::due(due, hour)),
        (ReportState::Refused, false) => {
            format!("{titles}应于{}前报送，已收到但无法读取，请尽快重新报送。", captions::weekday(due))
        }
        (_, true) => format!("{titles}请于{}前报送。", captions::due(due, hour)),
        (_, false) => format!("{titles}应于{}前报送，目前尚未收到，请尽快报送。", captions::weekday(due)),
    }
}
