//! One file over HTTP(S), with time-outs, its size counted while it streams.

use std::time::Duration;

use reqwest::header::CONTENT_DISPOSITION;
use reqwest::{Client, Response, Url};

use crate::model::{ContentHash, Refusal, Stamp, Submission};
use crate::settings::Limits;

use super::entry::{Content, Entry};
use super::error::CollectError;
use super::listing::Listing;

const CONNECT_SECS: u64 = 10;
const TOTAL_SECS: u64 = 120;
/// A name is cut here: it only ever labels the file.
const NAME_CHARS_MAX: usize = 200;

/// Fetches `url`; blocks, so call it from a blocking thread.
pub fn fetch_one(url: &str, limits: &Limits) -> Result<Listing, CollectError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CollectError::Runtime)?;
    let submission = runtime.block_on(fetch(url, limits))?;
    let size = u64::try_from(submission.bytes.len()).unwrap_or(u64::MAX);
    let entry = Entry {
        file: submission.file.clone(),
        folders: Vec::new(),
        raw: submission.file.clone().into_bytes(),
        received_at: None,
        stamp: Stamp { size, modified: 0, changed: 0, inode: 0 },
        content: Content::Fetched(submission),
    };
    Ok(Listing { entries: vec![entry], ..Listing::default() })
}

async fn fetch(url: &str, limits: &Limits) -> Result<Submission, CollectError> {
    let client = Client::builder()
        .connect_timeout(Duration::from_secs(CONNECT_SECS))
        .timeout(Duration::from_secs(TOTAL_SECS))
        .build()
        .map_err(CollectError::Fetch)?;
    let mut response = client.get(url).send().await.and_then(Response::error_for_status).map_err(CollectError::Fetch)?;
    let file = file_name(&response);
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(CollectError::Fetch)? {
        bytes.extend_from_slice(&chunk);
        if u64::try_from(bytes.len()).is_ok_and(|length| length > limits.file_bytes_max) {
            // Named by as much as is allowed, however it was cut into pieces on the way: the rest is not fetched.
            bytes.truncate(usize::try_from(limits.file_bytes_max).unwrap_or(usize::MAX));
            let hash = ContentHash::of(&bytes);
            let unread = Some(Refusal::TooLarge);
            return Ok(Submission { file, folders: Vec::new(), received_at: None, hash, bytes: Vec::new(), unread });
        }
    }
    let hash = ContentHash::of(&bytes);
    Ok(Submission { file, folders: Vec::new(), received_at: None, hash, bytes, unread: None })
}

fn file_name(response: &Response) -> String {
    let disposition = response.headers().get(CONTENT_DISPOSITION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    disposition.and_then(from_disposition).or_else(|| from_url(response.url())).unwrap_or_else(|| "download.xlsx".to_owned())
}

fn from_disposition(value: &str) -> Option<String> {
    let parameter = |key: &str| {
        value
            .split(';')
            .filter_map(|part| part.trim().split_once('='))
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    };
    let extended = parameter("filename*").and_then(|value| value.rsplit_once("''")).map(|(_, encoded)| percent_decoded(encoded));
    bare(&extended.or_else(|| parameter("filename").map(|value| value.trim_matches('"').to_owned()))?)
}

fn from_url(url: &Url) -> Option<String> {
    bare(&percent_decoded(url.path_segments()?.next_back()?))
}

fn percent_decoded(text: &str) -> String {
    // The form decoder of the URL library does the work; `+` has no meaning in a path.
    let query = format!("wenjin:?n={}", text.replace('+', "%2B").replace('&', "%26"));
    let decoded = Url::parse(&query).ok().and_then(|url| url.query_pairs().next().map(|(_, value)| value.into_owned()));
    decoded.unwrap_or_else(|| text.to_owned())
}

/// Without folders and control characters: a name never becomes a path.
fn bare(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next()?;
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    (!name.trim_matches('.').is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_from_the_header_or_the_url_and_is_never_a_path() {
        let chinese = "attachment; filename=\"x.xlsx\"; filename*=UTF-8''%E7%9C%81%E7%BB%8F%E4%BF%A1%E5%8E%85_2022-06.xlsx";
        assert_eq!(from_disposition(chinese).as_deref(), Some("省经信厅_2022-06.xlsx"));
        assert_eq!(from_disposition("attachment; filename=\"../../etc/passwd\"").as_deref(), Some("passwd"));
        let url = Url::parse("https://example.cn/a/%E8%A1%A8+1.xlsx?x=1").unwrap();
        assert_eq!(from_url(&url).as_deref(), Some("表+1.xlsx"));
    }
}
