use secrecy::SecretString;

use super::*;

fn robot(kind: WebhookKind, url: &str, secret: Option<&str>) -> Webhook {
    Webhook { kind, url: SecretString::from(url), secret: secret.map(SecretString::from) }
}

#[test]
fn a_signature_is_hmac_sha256_over_time_and_secret() {
    // Worked out with Python: base64.b64encode(hmac.new(b"SECgeheim", b"1657242000000\nSECgeheim", sha256).digest()).
    assert_eq!(signature("SECgeheim", 1_657_242_000_000), "3aNr5HxEVTlnkTeyG68Thrcfa9nJ14jIwNi41eN8n24=");
}

#[test]
fn only_a_signed_dingtalk_address_grows_and_base64_is_encoded_in_it() {
    let url = "https://oapi.example.cn/robot/send?access_token=t";
    let signed = address(&robot(WebhookKind::DingTalk, url, Some("SECgeheim")), 1_657_242_000).unwrap();
    let query = signed.query().unwrap();
    assert!(query.starts_with("access_token=t&timestamp=1657242000000&sign="), "{query}");
    assert!(!query.split("sign=").nth(1).unwrap().contains(['+', '/', '=']), "{query}");
    let sign = signed.query_pairs().find(|(key, _)| key == "sign").unwrap().1.into_owned();
    assert_eq!(sign, signature("SECgeheim", 1_657_242_000_000));
    assert_eq!(address(&robot(WebhookKind::DingTalk, url, None), 1).unwrap().as_str(), url);
    assert_eq!(address(&robot(WebhookKind::WeCom, url, Some("x")), 1).unwrap().as_str(), url);
}

#[test]
fn what_is_no_web_address_is_refused_without_being_told() {
    for url in ["file:///etc/geheim", "geheim", ""] {
        let error = address(&robot(WebhookKind::WeCom, url, None), 1).unwrap_err();
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
}

#[test]
fn a_long_text_is_cut_at_a_character() {
    let content = payload(&"稳".repeat(1000));
    let text = content["text"]["content"].as_str().unwrap();
    assert_eq!((text.len(), text.chars().all(|c| c == '稳')), (1998, true));
}

#[test]
fn an_errcode_other_than_zero_is_a_failure() {
    assert_eq!(judge(br#"{"errcode":0,"errmsg":"ok"}"#), Ok(()));
    let refused = judge(r#"{"errcode":310000,"errmsg":"关键词不匹配 access_token=geheim"}"#.as_bytes()).unwrap_err();
    assert_eq!(refused.to_string(), "the robot refused with errcode 310000");
    for answer in [&b"<html>"[..], b"{}", b"{\"errcode\":\"0\"}", b""] {
        assert!(judge(answer).is_err(), "{}", String::from_utf8_lossy(answer));
    }
}
