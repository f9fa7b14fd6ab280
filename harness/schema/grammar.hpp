// The grammar of CDDL, as far as it is read. Only cddl.cpp includes it: PEGTL takes long to compile.
#pragma once

#include <tao/pegtl.hpp>

namespace ffi_cts::schema::grammar {

using namespace tao::pegtl;

struct comment : seq<one<';'>, until<eolf>> {};
struct gap : star<sor<space, comment>> {};

struct letter : sor<alpha, one<'@', '_', '$'>> {};
struct id : seq<letter, star<sor<letter, digit, seq<plus<one<'-', '.'>>, at<sor<letter, digit>>>>>> {};
struct text : seq<one<'"'>, star<sor<seq<one<'\\'>, any>, not_one<'"', '\n'>>>, one<'"'>> {};
struct number : seq<opt<one<'-'>>, plus<digit>, opt<one<'.'>, plus<digit>>> {};
struct boolean : seq<sor<TAO_PEGTL_STRING("true"), TAO_PEGTL_STRING("false")>, not_at<sor<letter, digit, one<'-', '.'>>>> {};
struct value : sor<text, number, boolean> {};

struct type;
struct group;
struct map : seq<one<'{'>, gap, must<group>, gap, must<one<'}'>>> {};
struct array : seq<one<'['>, gap, must<group>, gap, must<one<']'>>> {};
struct paren : seq<one<'('>, gap, type, gap, one<')'>> {};
struct type_name : id {};
// What is told apart only to be refused by its name.
struct tag : seq<one<'#'>, star<sor<digit, one<'.'>>>, opt<one<'('>, until<one<')'>>>> {};
struct unwrap : seq<one<'~', '&'>, gap, sor<id, one<'('>>> {};
struct generic : seq<id, gap, one<'<'>, until<one<'>'>>> {};
struct operand : sor<map, array, paren, tag, unwrap, generic, value, type_name> {};
struct range_end : operand {};
struct range : seq<sor<TAO_PEGTL_STRING("..."), TAO_PEGTL_STRING("..")>, gap, must<range_end>> {};
struct control_name : seq<one<'.'>, id> {};
struct control_of : operand {};
struct control : seq<control_name, gap, must<control_of>> {};
struct type1 : seq<operand, opt<gap, sor<range, control>>> {};
struct type : list<type1, seq<gap, one<'/'>, not_at<one<'/'>>, gap>> {};

struct occurrence : sor<one<'?'>, one<'+'>, seq<star<digit>, one<'*'>, star<digit>>> {};
struct key_name : id {};
struct key_text : text {};
struct key : seq<sor<key_text, key_name>, gap, one<':'>> {};
struct arrow_key : seq<type1, gap, opt<one<'^'>, gap>, TAO_PEGTL_STRING("=>")> {};
struct inner_group : seq<one<'('>, gap, group, gap, one<')'>> {};
struct entry : seq<opt<occurrence, gap>, sor<seq<key, gap, must<type>>, arrow_key, seq<type>, inner_group>> {};
struct group_choice : TAO_PEGTL_STRING("//") {};
struct group : star<entry, gap, opt<one<','>>, gap, opt<group_choice, gap>> {};

struct rule_name : id {};
struct extension : sor<TAO_PEGTL_STRING("/="), TAO_PEGTL_STRING("//=")> {};
struct group_rule : seq<one<'('>, gap, group, gap, one<')'>, gap, at<sor<eof, seq<id, gap, opt<generic>, sor<one<'='>, extension>>>>> {};
struct rule : seq<rule_name, gap, sor<one<'='>, extension>, gap, must<sor<group_rule, type>>> {};
struct lone_type : seq<gap, must<type>, gap, must<eof>> {};
struct file : seq<gap, star<rule, gap>, must<eof>> {};

}  // namespace ffi_cts::schema::grammar
