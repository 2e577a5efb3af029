#include "adapters/sps/codes/codes.hpp"

#include <algorithm>
#include <iterator>

namespace ecert::sps::codes {
namespace {

constexpr int versions[] = {5, 8, 11, 17};
constexpr int types[] = {16,  89,  90,  91,  92,  93,  94,  95,  521, 629,
                         636, 657, 850, 851, 852, 853, 856, 861, 911};
constexpr int statuses[] = {1,  35, 39, 40, 41, 42, 44,  47,  48,
                            49, 55, 64, 70, 97, 99, 122, 124, 146};

// Sorted, four bytes each: two letters, a space between.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW ";
static_assert(countries.size() == 249 * 3);

}  // namespace

bool is_version(int n) { return std::binary_search(std::begin(versions), std::end(versions), n); }
bool is_type(int n) { return std::binary_search(std::begin(types), std::end(types), n); }
bool is_status(int n) { return std::binary_search(std::begin(statuses), std::end(statuses), n); }

bool is_country(std::string_view alpha_2) {
    if (alpha_2.size() != 2 || alpha_2[0] == ' ' || alpha_2[1] == ' ') return false;
    return countries.find(alpha_2) != std::string_view::npos;
}

}  // namespace ecert::sps::codes
