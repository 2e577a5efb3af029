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
    {"CFG-DURATION", "This is not a duration: write a number with its unit, such as 250ms, 10s, 5min or 72h.", "不是有效的时长：请写数字和单位，例如 250ms、10s、5min 或 72h。"},
    {"CFG-FILE-MISSING", "The file that is named here cannot be read: check the path and its permissions.", "此处指定的文件无法读取：请检查路径和权限。"},
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
    {"CFG-VALUE", "The value is none of those that this key takes.", "该值不在此键允许的取值之内。"},
    {"KEY-EXPIRED", "The certificate of this key is outside its time: renew it.", "此密钥的证书不在有效期内：请更换。"},
    {"KEY-EXPIRES-SOON", "The certificate of this key ends within 30 days: renew it, and give the new one to your partners in time.", "此密钥的证书将在 30 天内到期：请更换，并及时将新证书提供给伙伴。"},
    {"KEY-MISMATCH", "Key and certificate do not belong together.", "密钥与证书不匹配。"},
    {"KEY-READABLE-BY-OTHERS", "Every user of this machine may read this private key: restrict the file to its owner.", "本机所有用户都能读取此私钥：请将文件权限限制为仅所有者可读。"},
    {"KEY-UNREADABLE", "The key or its certificate cannot be read: it must be a PEM file without a passphrase.", "密钥或其证书无法读取：必须是不带口令的 PEM 文件。"},
    {"KEY-WEAK", "The key is too short: RSA keys need 2048 bit or more.", "密钥过短：RSA 密钥至少需要 2048 位。"},
    {"REST-BODY-EMPTY", "The request has no body: send the certificate as XML.", "请求没有正文：请发送 XML 格式的证书。"},
    {"REST-IMPORT-COUNTRY", "The import country in the certificate is not the partner it is addressed to.", "证书中的进口国与所指定的伙伴不一致。"},
    {"REST-JSON", "The body is not the JSON object that this request takes.", "正文不是该请求所要求的 JSON 对象。"},
    {"REST-PARAMETER", "A parameter of the request cannot be read.", "请求的某个参数无法解析。"},
    {"REST-PARTNER-UNKNOWN", "No such partner is connected to this node.", "本节点未连接该伙伴。"},
    {"REST-PREFIX", "Certificate numbers with this prefix belong to another agency.", "带有此前缀的证书编号属于其他机构。"},
    {"REST-STATUS-NOT-ACCEPTED", "The partner does not accept certificates with this status.", "该伙伴不接受此状态的证书。"},
    {"REST-TRANSLATION", "The certificate cannot be translated into the partner's form.", "该证书无法转换为伙伴所要求的格式。"},
    {"REST-TYPE-NOT-ACCEPTED", "The partner does not accept certificates of this type.", "该伙伴不接受此类型的证书。"},
    {"SPS-EXPORT-COUNTRY-MISSING", "The export country is missing.", "缺少出口国。"},
    {"SPS-IMPORT-COUNTRY-MISSING", "The import country is missing.", "缺少进口国。"},
    {"SPS-NOT-A-CERTIFICATE", "The document is not an SPSCertificate of UN/CEFACT.", "该文件不是 UN/CEFACT 的 SPSCertificate。"},
    {"SPS-NUMBER-MISSING", "The certificate has no number.", "证书没有编号。"},
    {"SPS-STATUS-UNKNOWN", "The status code is not known: see UNTDID 4405.", "状态代码未知：参见 UNTDID 4405。"},
    {"SPS-TYPE-UNKNOWN", "The document type code is not known: see UNTDID 1001.", "文件类型代码未知：参见 UNTDID 1001。"},
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
