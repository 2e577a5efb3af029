// Rows are sorted by id, one a line, so that two people adding theirs do not collide. A text says
// what is wrong and what to do; the place, the value found and the value expected are said beside
// it.
#include "config/problem_texts.hpp"

#include <algorithm>
#include <iterator>

namespace ecert {
namespace {

// clang-format off
constexpr problem_row rows[] = {
    {"CFG-ADDRESS-TWICE", "Two partners of one channel have the same address: it could not be told which of them sent a message.", "同一通道的两个伙伴使用相同地址：将无法区分消息来自哪一方。"},
    {"CFG-DURATION", "This is not a duration: write a number with its unit, such as 250ms, 10s, 5min or 72h.", "不是有效的时长：请写数字和单位，例如 250ms、10s、5min 或 72h。"},
    {"CFG-FILE-MISSING", "The file that is named here cannot be read: check the path and its permissions.", "此处指定的文件无法读取：请检查路径和权限。"},
    {"CFG-FILE-NAME", "The name of this file cannot be the name of an agency, partner or channel.", "此文件名不能作为机构、伙伴或通道的名称。"},
    {"CFG-HOURS", "These are not opening hours: write them in UTC, such as 08:00-18:00.", "不是有效的开放时间：请按协调世界时书写，例如 08:00-18:00。"},
    {"CFG-IDENTITY-FORM", "An identity is a pin, or a ca together with a subject: give one of the two.", "身份应为 pin，或 ca 加 subject：请只给出其中一种。"},
    {"CFG-IDENTITY-TWICE", "The same identity is given to two roles: one certificate must mean one agency or one channel.", "同一身份被赋予两个角色：一张证书只能对应一个机构或一个通道。"},
    {"CFG-NAME-UNKNOWN", "Nothing is configured under this name: correct the name or add its file.", "没有以此名称配置的对象：请更正名称或添加相应文件。"},
    {"CFG-NOT-SUPPORTED", "This node does not check the signatures of agencies' documents, so it cannot require them: use none or optional.", "本节点尚不校验机构文件自身的签名，因此不能强制要求：请使用 none 或 optional。"},
    {"CFG-PREFIX-OVERLAP", "A number prefix of one agency begins with that of another: a number would have two owners.", "一个机构的编号前缀与另一机构的前缀重叠：同一编号会有两个归属。"},
    {"CFG-RANGE", "The value is outside its range.", "该值超出允许范围。"},
    {"CFG-REQUIRED", "A required key is missing or empty: set it.", "缺少必需的键或其值为空：请设置。"},
    {"CFG-SIZE", "This is not a size: write a number with its unit, such as 64KiB, 110MiB or 2GiB.", "不是有效的大小：请写数字和单位，例如 64KiB、110MiB 或 2GiB。"},
    {"CFG-SYNTAX", "The file is not valid TOML here.", "此处不是有效的 TOML 语法。"},
    {"CFG-TYPE", "The value is of another type than this key takes.", "该值的类型与此键要求的类型不符。"},
    {"CFG-UNKNOWN-FILE", "Nothing reads this file: only .toml files with the expected names belong here.", "没有程序读取此文件：此处只应放置名称符合要求的 .toml 文件。"},
    {"CFG-UNKNOWN-KEY", "There is no such key: correct its spelling or remove it.", "没有这个键：请更正拼写或删除。"},
    {"CFG-URL", "This is not the URL of an endpoint: https with a host; http only for this machine itself.", "不是有效的端点地址：应为带主机名的 https；http 仅限本机。"},
    {"CFG-VALUE", "The value is none of those that this key takes.", "该值不在此键允许的取值之内。"},
    {"CHN-CERTIFICATE", "A certificate of this channel cannot be read.", "此通道的证书无法读取。"},
    {"CHN-CLIENT", "No connection can be prepared to this endpoint: the reason stands beside it.", "无法为此端点准备连接：原因见旁。"},
    {"CHN-DIALECT", "There is no such dialect, or it has errors of its own.", "没有这个方言，或该方言自身有错误。"},
    {"CHN-SIGNERS", "The dialect of this channel is signed: name the certificates that the other side signs with.", "此通道的方言需要签名：请指定对方用于签名的证书。"},
    {"CHN-SIGNING-KEY", "The dialect of this channel is signed: name one of the keys in keys.toml.", "此通道的方言需要签名：请指定 keys.toml 中的一个密钥。"},
    {"CHN-TRANSLATION", "The dialect of this partner's channel has no such translation.", "此伙伴所用通道的方言没有这个转换。"},
    {"DIA-FILE", "The file that is named here is not there.", "此处指定的文件不存在。"},
    {"DIA-FIXTURE", "A reply of the dialect's own fixtures gives another outcome than it must: the rules do not say what their author meant.", "方言自带的应答样例得出了不应有的结果：规则与编写者的意图不符。"},
    {"DIA-MISSING-KEY", "A required key is missing.", "缺少必需的键。"},
    {"DIA-RULE-UNREACHABLE", "This rule never decides: an earlier rule matches everything that it matches.", "此规则永远不会生效：前面的规则已匹配它所匹配的一切。"},
    {"DIA-TOML", "The file is not valid TOML here.", "此处不是有效的 TOML 语法。"},
    {"DIA-TWICE", "The same thing is defined twice: only the first would ever be found.", "同一对象被定义了两次：只有第一个会被找到。"},
    {"DIA-TYPE", "The value is of another type than this key takes.", "该值的类型与此键要求的类型不符。"},
    {"DIA-UNKNOWN-KEY", "There is no such key in a dialect: correct its spelling or remove it.", "方言中没有这个键：请更正拼写或删除。"},
    {"DIA-VALUE", "The value is none of those that this key takes.", "该值不在此键允许的取值之内。"},
    {"DIA-XPATH", "This is no XPath 1.0 expression over the namespaces of the dialect.", "不是基于该方言命名空间的有效 XPath 1.0 表达式。"},
    {"INBOX-ANSWER-STATUS", "The answer is neither accepted nor rejected.", "答复既不是 accepted 也不是 rejected。"},
    {"INBOX-REASON-MISSING", "A rejection needs a reason that the other authority can act on.", "拒绝时必须说明理由，以便对方主管机关处理。"},
    {"INBOX-REASON-TOO-LONG", "The reason is longer than the limit.", "理由的长度超过上限。"},
    {"KEY-EXPIRED", "The certificate of this key is outside its time: renew it.", "此密钥的证书不在有效期内：请更换。"},
    {"KEY-EXPIRES-SOON", "The certificate of this key ends within 30 days: renew it, and give the new one to your partners in time.", "此密钥的证书将在 30 天内到期：请更换，并及时将新证书提供给伙伴。"},
    {"KEY-MISMATCH", "Key and certificate do not belong together.", "密钥与证书不匹配。"},
    {"KEY-READABLE-BY-OTHERS", "Every user of this machine may read this private key: restrict the file to its owner.", "本机所有用户都能读取此私钥：请将文件权限限制为仅所有者可读。"},
    {"KEY-UNREADABLE", "The key or its certificate cannot be read: it must be a PEM file without a passphrase.", "密钥或其证书无法读取：必须是不带口令的 PEM 文件。"},
    {"KEY-WEAK", "The key is too short: RSA keys need 2048 bit or more.", "密钥过短：RSA 密钥至少需要 2048 位。"},
    {"OPS-REASON-MISSING", "The reason for this act is missing: it is kept in the audit.", "缺少此操作的理由：理由将记入审计记录。"},
    {"REST-BODY-EMPTY", "The request has no body: send the certificate as XML.", "请求没有正文：请发送 XML 格式的证书。"},
    {"REST-IDEMPOTENCY-KEY", "The Idempotency-Key cannot be used.", "Idempotency-Key 无法使用。"},
    {"REST-IMPORT-COUNTRY", "The import country in the certificate is not the partner it is addressed to.", "证书中的进口国与所指定的伙伴不一致。"},
    {"REST-JSON", "The body is not the JSON object that this request takes.", "正文不是该请求所要求的 JSON 对象。"},
    {"REST-PARAMETER", "A parameter of the request cannot be read.", "请求的某个参数无法解析。"},
    {"REST-PARTNER-UNKNOWN", "No such partner is connected to this node.", "本节点未连接该伙伴。"},
    {"REST-STATUS-NOT-ACCEPTED", "The partner does not accept certificates with this status.", "该伙伴不接受此状态的证书。"},
    {"REST-SUPERSEDES", "Supersedes does not name a certificate.", "Supersedes 未指明任何证书。"},
    {"REST-TRANSLATION", "The certificate cannot be translated into the partner's form.", "该证书无法转换为伙伴所要求的格式。"},
    {"REST-TYPE-NOT-ACCEPTED", "The partner does not accept certificates of this type.", "该伙伴不接受此类型的证书。"},
    {"ROLE-IDENTITY-TWICE", "The same client certificate would have two roles: each identity must mean one agency or one channel.", "同一客户端证书会有两个角色：每个身份只能对应一个机构或一个通道。"},
    {"ROLE-IDENTITY-UNREADABLE", "The pin or CA of this identity cannot be loaded.", "此身份的 pin 或 CA 无法加载。"},
    {"SPS-ATTACHMENT-EMPTY", "The attachment has no content and no address.", "附件既没有内容也没有地址。"},
    {"SPS-ATTACHMENT-MIME-EMPTY", "mimeCode is there but empty: name the media type, or leave the attribute out.", "mimeCode 存在但为空：请填写媒体类型，或省略该属性。"},
    {"SPS-ATTACHMENT-SIZE", "The attachment is larger than certificates may carry.", "附件大小超过证书允许的上限。"},
    {"SPS-ATTACHMENT-TYPE", "The attachment is not of a type that certificates may carry: its first bytes say so.", "附件不是证书允许的类型：由其首部字节判断。"},
    {"SPS-ATTACHMENT-TYPE-LIES", "The attachment is not what its name or media type says.", "附件的实际类型与其文件名或媒体类型不符。"},
    {"SPS-ATTACHMENT-WITHOUT-NAME", "The attachment has no file name.", "附件没有文件名。"},
    {"SPS-CONSIGNEE-MISSING", "The consignee is missing.", "缺少收货人。"},
    {"SPS-CONSIGNOR-MISSING", "The consignor is missing.", "缺少发货人。"},
    {"SPS-COUNTRY-NOT-ISO", "This is not a country code of ISO 3166-1.", "不是 ISO 3166-1 的国家代码。"},
    {"SPS-EXPORT-COUNTRY-MISSING", "The export country is missing.", "缺少出口国。"},
    {"SPS-EXPORT-COUNTRY-NOT-OURS", "The export country is not the one that sends this certificate.", "出口国不是发出此证书的国家。"},
    {"SPS-IMPORT-COUNTRY-MISSING", "The import country is missing.", "缺少进口国。"},
    {"SPS-ISSUED-IN-FUTURE", "The date of issue lies in the future.", "签发日期在未来。"},
    {"SPS-ISSUED-MISSING", "The date of issue is missing.", "缺少签发日期。"},
    {"SPS-ISSUED-NOT-A-DATE", "The date of issue is not a date.", "签发日期不是有效的日期。"},
    {"SPS-ISSUER-MISSING", "The issuing authority is missing.", "缺少签发机构。"},
    {"SPS-LINE-DESCRIPTION-MISSING", "The trade line has no Description; it may be empty, but must be there.", "货物行缺少 Description 元素；其内容可以为空，但元素必须存在。"},
    {"SPS-LINE-MISSING", "The certificate has no trade line.", "证书没有货物行。"},
    {"SPS-LINE-ORIGIN-MISSING", "The trade line has no country of origin.", "货物行没有原产国。"},
    {"SPS-LINE-PACKAGE", "The trade line must describe its packages in one way: coded, or as a note.", "货物行须且只能以一种方式说明包装：用代码，或用备注。"},
    {"SPS-NOT-A-CERTIFICATE", "The document is not an SPSCertificate of UN/CEFACT.", "该文件不是 UN/CEFACT 的 SPSCertificate。"},
    {"SPS-NUMBER-MISSING", "The certificate has no number.", "证书没有编号。"},
    {"SPS-NUMBER-PREFIX", "A certificate number with this beginning is not this agency's to issue.", "以此开头的证书编号不属于该机构。"},
    {"SPS-NUMBER-TOO-LONG", "The certificate number is longer than the limit.", "证书编号的长度超过上限。"},
    {"SPS-PROCESS-TYPE", "The type of a treatment must be ZZZ.", "处理方式的类型必须为 ZZZ。"},
    {"SPS-REPLACEMENT-WITHOUT-NUMBER", "The certificate says that it replaces another, but not which.", "证书声明其替换另一证书，但未说明是哪一份。"},
    {"SPS-REPLACES-ITSELF", "The certificate says that it replaces itself.", "证书声明其替换自身。"},
    {"SPS-STATUS-MISSING", "The status is missing.", "缺少状态代码。"},
    {"SPS-STATUS-NOT-A-CODE", "The status is not a code: it must be a number of UNTDID 4405.", "状态不是代码：必须是 UNTDID 4405 中的数字。"},
    {"SPS-STATUS-UNKNOWN", "The status code is not known: see UNTDID 4405.", "状态代码未知：参见 UNTDID 4405。"},
    {"SPS-TRANSPORT-MISSING", "The means of transport is missing.", "缺少运输方式。"},
    {"SPS-TYPE-MISSING", "The document type is missing.", "缺少文件类型。"},
    {"SPS-TYPE-NOT-A-CODE", "The document type is not a code: it must be a number of UNTDID 1001.", "文件类型不是代码：必须是 UNTDID 1001 中的数字。"},
    {"SPS-TYPE-UNKNOWN", "The document type code is not known: see UNTDID 1001.", "文件类型代码未知：参见 UNTDID 1001。"},
    {"SPS-VERSION-UNKNOWN", "This version of SPSCertificate is not known here: it is carried as it is.", "本节点不认识此 SPSCertificate 版本：将原样传递。"},
    {"XML-DOCTYPE", "A document type declaration is not allowed: remove it.", "不允许文档类型声明：请删除。"},
    {"XML-ENCODING", "The bytes are not what the declared encoding allows.", "字节内容与所声明的编码不符。"},
    {"XML-LIMIT-ATTRIBUTES", "An element has more attributes than the limit.", "某元素的属性数量超过上限。"},
    {"XML-LIMIT-BYTES", "The document is larger than the limit.", "文件大小超过上限。"},
    {"XML-LIMIT-DEPTH", "The elements are nested deeper than the limit.", "元素嵌套深度超过上限。"},
    {"XML-LIMIT-NODES", "The document has more elements and attributes than the limit.", "文件的元素和属性数量超过上限。"},
    {"XML-LIMIT-TEXT", "A text that is no attachment is longer than the limit.", "某段非附件文本的长度超过上限。"},
    {"XML-LIMIT-TREE", "The document without its attachments is larger than the limit.", "文件除附件外的内容超过上限。"},
    {"XML-NOT-BASE64", "An attachment is not base64.", "附件不是有效的 base64 编码。"},
    {"XML-NOT-WELL-FORMED", "The document is not well-formed XML.", "文件不是格式良好的 XML。"},
};
// clang-format on

static_assert(std::is_sorted(std::begin(rows), std::end(rows),
                             [](const problem_row& a, const problem_row& b) {
                                 return a.id < b.id;
                             }));

}  // namespace

std::span<const problem_row> problem_rows() { return rows; }

}  // namespace ecert
