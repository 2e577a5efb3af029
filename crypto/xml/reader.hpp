// Reads XML that came from outside: one SAX pass (libxml2 pull parser), bounded memory whatever
// arrives. What is small becomes a tree; what is large is diverted: the content of a message into a
// source, the attachments of a certificate into slots. Foreign bytes reach XPath, rules and schemas
// only through here.
//
// Trees hold no comments and no processing instructions; CDATA sections are text in them. Bytes
// that are valid UTF-8 are UTF-8, whatever the XML declaration says: a certificate that came as
// text in a message still declares what it was before. Refused, with the limit or construct named:
// DOCTYPE, undefined entities, processing instructions inside a message, a depth, attribute count,
// node count, name or text over the limits, bytes that are no XML 1.0. Nothing is fetched. Thread
// rule: reading blocks on processor and disk: pool threads only.
#pragma once

#include "config/problem.hpp"
#include "config/result.hpp"
#include "crypto/source.hpp"
#include "crypto/xml/document.hpp"
#include "crypto/xml/limits.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ecert::crypto::xml {

// One text that is not in the tree: base64 in the document's bytes, from offset on. An element
// whose text is empty or white space has no slot.
struct slot {
    std::uint64_t offset = 0;  // of the raw text, in skeleton::text
    std::uint64_t length = 0;  // raw, white space included
    bool readable = true;      // false: it is no base64, and what follows says nothing
    std::uint64_t decoded_size = 0;
    sha256 digest;            // of the decoded bytes
    std::string head;         // the first 16 decoded bytes: what type it really is
    std::string placeholder;  // stands in the tree instead
};

// A document with the text of each element that is slotted replaced by a placeholder that occurs
// nowhere else in it.
struct skeleton {
    document tree;
    std::vector<slot> slots;
    source_ptr text;  // what the slots point into: the document itself, or its UTF-8 copy if it
                      // came in another encoding
};

struct skeleton_options {
    limits within;
    std::vector<name> slotted;           // these elements, and
    std::vector<name> slotted_families;  // those whose namespace begins so, in either case
    std::filesystem::path spool_folder;  // for a transcoded copy
};

// All problems that a reader can see: XML-ENCODING, XML-NOT-WELL-FORMED, XML-DOCTYPE, XML-LIMIT-...
// (each ends the reading), XML-NOT-BASE64 with line and path for every text that is not base64 and
// white space alone: a warning where its bytes are in a slot all the same, an error where elements,
// comments, CDATA sections or references are inside, which no slot can hold.
struct skeleton_result {
    skeleton value;
    problems found;  // value is complete only without errors
};
skeleton_result read_skeleton(source_ptr document, const skeleton_options& options);

// The skeleton (or what a stylesheet made of it) with its slots' raw texts back in place, as a new
// source, serialised as UTF-8 with an XML declaration. Each placeholder must occur at most once in
// the result.
result<source_ptr> fill_slots(const document& made, const skeleton& from);

// A SOAP message: the tree is the Envelope with the content elements' text taken out, each into a
// source of the unescaped text (spooled above the threshold). Elements inside a content element are
// refused, unless it is typed: then its content is its own exclusive c14n, without comments, and
// its elements stand in the tree without their texts. The Envelope holds at most a Header, then one
// Body, and nothing else. While Body passes, its exclusive c14n is digested, with no copy of it
// made.
struct content_part {
    node at;             // the element, in the tree
    source_ptr content;  // its text, unescaped, as UTF-8; typed: itself, canonical
};
struct message_form {  // of one SOAP version
    name envelope, header, body;
};
struct message {
    document tree;
    std::vector<content_part> contents;
    node body;           // Body of the Envelope, the very node whose events were digested
    sha256 body_digest;  // of exc-c14n(Body), content included
};
struct message_options {
    limits within;
    std::vector<name> content;          // elements whose text is content
    std::vector<name> typed;            // elements that are content as a whole
    name envelope, header, body;        // of the SOAP version; anything else as root is refused
    std::vector<message_form> or_else;  // except these: other versions that are read as well
    // Asked once, when Header has ended: the InclusiveNamespaces PrefixList for the Body's
    // reference.
    std::function<std::vector<std::string>(const node& header)> body_prefixes;
    std::uint64_t header_bytes = 64 << 10;
    std::filesystem::path spool_folder;
    std::uint64_t spool_threshold = 1 << 20;
};
result<message> read_message(source_ptr bytes, const message_options& options);

}  // namespace ecert::crypto::xml
