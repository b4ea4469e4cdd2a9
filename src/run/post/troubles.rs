//! The troubles: the operator is told of mails that failed or may have arrived, and when that is over.
//!
//! What he should know is read from the outbox and held against the open alerts, so that a crash between a mail's last step
//! and the alert loses nothing.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::deliver::LEADING_GROUP;
use crate::ledger::outbox::Trouble;
use crate::model::Period;
use crate::plan::Plan;
use crate::present::captions;
use crate::run::alert;
use crate::run::kit::{Desk, RunError};

use super::retry;

/// The code of the operator, where others bear a department's.
const OPERATOR: &str = "operator";

/// Raises the alerts that are missing and ends those whose mails are no longer in trouble.
pub fn tell_operator(desk: &mut Desk) -> Result<(), RunError> {
    let told = told(&desk.ledger.delivery_troubles()?);
    let open = desk.ledger.delivery_alerts()?;
    for (key, trouble) in told.iter().filter(|(key, _)| !open.contains(key)) {
        let text = match trouble {
            About::One(trouble) => text(&desk.plan, trouble),
            About::All(period, readers) => all_failed(*period, *readers),
        };
        tracing::warn!(alert.key = key, "mails need the operator");
        alert::raise(desk, key, &text)?;
    }
    let mut still: Vec<String> = told.into_iter().map(|(key, _)| key).collect();
    still.extend(server(desk, open.iter().any(|key| key == SERVER_KEY))?);
    for key in open.iter().filter(|key| !still.contains(key)) {
        alert::recover(
            desk,
            key,
            if key == SERVER_KEY {
                "邮件服务器已恢复，暂缓的邮件已发出或已由人工处理。"
            } else {
                "相关邮件已送达或已由人工处理。"
            },
        )?;
    }
    Ok(())
}

/// What one alert is about.
enum About {
    One(Trouble),
    /// Every mail of a version failed, to so many readers: it is not for each of them to be told.
    All(Period, usize),
}

/// The alerts there should be, by key.
fn told(troubles: &[Trouble]) -> Vec<(String, About)> {
    let mut told = Vec::new();
    let of_all = |period: Period| troubles.iter().filter(move |one| one.period == period && one.nobody_got_it && !one.uncertain).count();
    let whole: BTreeSet<Period> = troubles.iter().map(|one| one.period).filter(|period| of_all(*period) > 1).collect();
    told.extend(whole.iter().map(|period| (format!("delivery.failed:{period}"), About::All(*period, of_all(*period)))));
    let alone = |one: &Trouble| !(one.nobody_got_it && !one.uncertain && whole.contains(&one.period));
    told.extend(troubles.iter().filter(|one| alone(one)).map(|one| (key(one), About::One(one.clone()))));
    told
}

fn all_failed(period: Period, readers: usize) -> String {
    let label = captions::period_label(period);
    format!(
        "{label}的{readers}封邮件全部未能送达，可能是发件地址、账号或邮件服务器的问题。请查看 wenjin outbox list --period {period} 中的退信原因，\
         改正后执行 wenjin outbox retry --period {period}。"
    )
}

/// The alert about the server itself: one, however many mails wait for it.
const SERVER_KEY: &str = "delivery.server";

/// Tells of a server that keeps all mails waiting; gives the key while it does.
///
/// One that refuses our login will not change its mind; one that lets nothing through for `mail.alert_after_minutes` is a trouble, and
/// one that puts off a single reader's mail is not.
fn server(desk: &mut Desk, told: bool) -> Result<Option<String>, RunError> {
    let Some(trouble) = desk.ledger.server_trouble(retry::SERVER, retry::LOGIN)? else { return Ok(None) };
    let minutes = desk.settings.mail.pace.alert_after_minutes;
    let is_long = desk.clock.now.to_utc().signed_duration_since(trouble.since) >= TimeDelta::minutes(i64::from(minutes));
    if !told && !trouble.login && !(is_long && (trouble.away || trouble.readers > 1)) {
        return Ok(None);
    }
    if !told {
        let text = if trouble.login {
            "邮件服务器拒绝登录，全部邮件暂缓发送，不会丢失。请核对邮箱账号和密码（授权码），改正后重新载入配置，系统按时自动重发；\
             原因见 wenjin outbox list。"
                .to_owned()
        } else {
            format!(
                "邮件服务器已有{minutes}分钟以上无法连接或不接受邮件，邮件暂缓发送，不会丢失，系统按时自动重试。\
                 请检查网络和邮件服务器；原因见 wenjin outbox list。"
            )
        };
        tracing::warn!(login = trouble.login, "the mail server keeps mails waiting");
        alert::raise(desk, SERVER_KEY, &text)?;
    }
    Ok(Some(SERVER_KEY.to_owned()))
}

fn key(trouble: &Trouble) -> String {
    let kind = if trouble.uncertain { "uncertain" } else { "failed" };
    format!("delivery.{kind}:{}:{}", trouble.period, trouble.department)
}

/// Without addresses, figures or the server's words.
fn text(plan: &Plan, trouble: &Trouble) -> String {
    let (period, code) = (trouble.period, &trouble.department);
    let name = match code.0.as_str() {
        LEADING_GROUP => "各位领导",
        OPERATOR => "值守人员",
        _ => plan.department_name(code),
    };
    let label = captions::period_label(period);
    if trouble.uncertain {
        format!(
            "发送给{name}的{label}邮件在传输完毕后连接中断，是否送达不明，系统不会自动重发。请先向收件人核实，确未收到的执行 \
             wenjin outbox retry --id 编号 --reason 原因（编号见 wenjin outbox list --period {period}）。"
        )
    } else {
        format!(
            "发送给{name}的{label}邮件未能送达。请查看 wenjin outbox list --period {period} 中的退信原因，核对收件地址和邮件服务器后执行 \
             wenjin outbox retry --period {period}。列表中没有收件人的，邮件未能生成，重发无用：请按所列原因更正配置，\
             工作簿另行发送后执行 wenjin outbox cancel --id 编号。"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::sample;

    #[test]
    fn the_words_name_whom_and_the_way_out_without_address_or_figure() {
        for (uncertain, act) in [(false, "outbox retry --period 2022-06"), (true, "outbox retry --id 编号 --reason")] {
            let trouble =
                Trouble { period: Period::new(2022, 6).unwrap(), department: sample::code("jxt"), uncertain, nobody_got_it: false };
            let text = text(&sample::plan(), &trouble);
            assert!(text.contains("省经信厅") && text.contains("2022年1—6月") && text.contains(act) && !text.contains('@'), "{text}");
        }
    }
}
