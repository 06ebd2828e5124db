//! The kinds of problem that belong to no domain.

use super::Kind;

macro_rules! kinds {
    ($($name:ident = $status:literal $code:literal, $zh:literal, $en:literal, $remedy_zh:literal, $remedy_en:literal;)+) => {
        $(#[doc = $en] pub const $name: Kind = Kind {
            code: $code, status: $status, zh: $zh, en: $en, remedy: ($remedy_zh, $remedy_en),
        };)+
        /// All kinds of this list.
        pub const KINDS: &[&Kind] = &[$(&$name),+];
    };
}
pub(crate) use kinds;

kinds! {
    UNREADABLE = 400 "unreadable", "无法读取请求", "The request cannot be read",
        "请按接口文档检查请求体的格式。", "Check the form of the body against the API documentation.";
    INVALID_FIELDS = 400 "invalid_fields", "字段有误", "Some fields are not acceptable",
        "请按 errors 中逐项的说明更正后重新提交。", "Correct each field named in errors and send again.";
    IDEMPOTENCY_KEY_MISSING = 400 "idempotency_key_missing", "缺少 Idempotency-Key", "Idempotency-Key is missing",
        "涉及资金或库存的请求必须带 Idempotency-Key 请求头（1–255 个可见字符），重试时沿用同一个值。",
        "Requests that move money or stock need an Idempotency-Key header of 1–255 visible characters; repeat it when you retry.";
    UNAUTHENTICATED = 401 "unauthenticated", "尚未登录", "You are not signed in",
        "请先登录（POST /api/v1/sessions），并以 Authorization: Bearer 携带令牌。",
        "Sign in first (POST /api/v1/sessions) and send the token as Authorization: Bearer.";
    TOKEN_INVALID = 401 "token_invalid", "令牌无效或已过期", "The token is not valid or has expired",
        "请以刷新令牌换取新令牌（POST /api/v1/sessions/refresh），或重新登录。",
        "Renew it with your refresh token (POST /api/v1/sessions/refresh), or sign in again.";
    FORBIDDEN = 403 "forbidden", "您的角色无权进行此操作", "Your role may not do this",
        "请由具备相应角色的人员办理；权限表见接口文档。", "Ask somebody whose role may; the API documentation shows the table.";
    NOT_FOUND = 404 "not_found", "没有找到", "Nothing is there, or it is not yours to see",
        "请检查编号；不在您权限范围内的对象同样显示为不存在。", "Check the identifier; what is outside your scope also answers like this.";
    METHOD_NOT_ALLOWED = 405 "method_not_allowed", "此地址不支持该方法", "The method is not offered at this address",
        "请查看 Allow 响应头列出的方法。", "See the methods listed in the Allow header.";
    IDEMPOTENCY_IN_PROGRESS = 409 "idempotency_in_progress", "同一请求正在处理中", "The same request is being processed",
        "请稍候以同一个 Idempotency-Key 重试，即可得到其结果。", "Retry shortly with the same Idempotency-Key to receive its answer.";
    ALREADY_EXISTS = 409 "already_exists", "已存在", "It exists already",
        "请使用已有的记录。", "Use the one that exists.";
    WRONG_STATE = 409 "wrong_state", "当前状态不允许此操作", "Its present state does not allow this",
        "请刷新后查看当前状态及可进行的操作。", "Reload it and see what can be done in its present state.";
    STALE = 412 "stale_version", "内容已被他人修改", "Somebody changed it meanwhile",
        "请重新读取，取得新的 ETag 后再提交。", "Read it again and send the change with its new ETag.";
    PAYLOAD_TOO_LARGE = 413 "payload_too_large", "请求体过大", "The body is too large",
        "请缩小文件或分批提交。", "Send a smaller file, or several.";
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported_media_type", "不支持的内容类型", "This type of content is not accepted",
        "请按接口文档使用所要求的 Content-Type。", "Use the Content-Type that the API documentation names.";
    IDEMPOTENCY_KEY_REUSED = 422 "idempotency_key_reused", "Idempotency-Key 已用于不同的内容", "The Idempotency-Key was used with other content",
        "新的请求请使用新的 Idempotency-Key。", "Use a new Idempotency-Key for a new request.";
    AMOUNT_OUT_OF_RANGE = 422 "amount_out_of_range", "金额或数量超出范围", "An amount or quantity is out of range",
        "金额应在 0 至 9007199254740991 分之间，数量不得超过上限。", "Amounts lie between 0 and 9007199254740991 fen; quantities have their own limits.";
    PRECONDITION_REQUIRED = 428 "precondition_required", "缺少 If-Match", "If-Match is missing",
        "修改前请先读取，并以 If-Match 带上其 ETag。", "Read it first and send its ETag as If-Match.";
    TOO_MANY_REQUESTS = 429 "too_many_requests", "请求过于频繁", "Too many requests",
        "请在 Retry-After 所示的秒数之后重试。", "Try again after the seconds that Retry-After names.";
    INTERNAL = 500 "internal", "系统内部错误", "Something of ours went wrong",
        "问题已记录；请稍后重试，并在联系我们时提供 instance 中的编号。", "It has been recorded; try again later, and quote the instance if you write to us.";
    BUSY = 503 "busy", "系统繁忙", "The system is busy",
        "请稍后重试；数据没有改变。", "Try again shortly; nothing was changed.";
    STORAGE_FULL = 503 "storage_full", "存储空间不足", "There is no room to write",
        "数据没有改变；请通知运维人员清理空间，之后以同一请求重试。", "Nothing was changed; tell the operator to make room, then send the same request again.";
}
