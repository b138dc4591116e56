#include "catalogue.h"

#include <array>
#include <cmath>
#include <set>

namespace medallion::retail {
namespace {

constexpr std::array<std::string_view, 24> kStyles = {
    "VINTAGE", "RETRO SPOT", "RED",     "PINK POLKADOT", "IVORY",      "BLUE STRIPE",
    "ROSES",   "FRENCH",     "JUMBO",   "SET OF 6",      "PACK OF 12", "SMALL",
    "LARGE",   "WOODEN",     "ENAMEL",  "GLASS",         "GOLD",       "SILVER",
    "PAPER",   "KNITTED",    "REGENCY", "STRAWBERRY",    "BOTANICAL",  "SKULL"};
constexpr std::array<std::string_view, 28> kThings = {"CAKESTAND 3 TIER",
                                                      "LUNCH BAG",
                                                      "TEA TOWEL",
                                                      "DOORMAT",
                                                      "T-LIGHT HOLDER",
                                                      "CUSHION COVER",
                                                      "MUG",
                                                      "BUNTING",
                                                      "GIFT TAGS",
                                                      "WRAP",
                                                      "PICTURE FRAME",
                                                      "CLOCK",
                                                      "BIRD FEEDER",
                                                      "STORAGE JAR",
                                                      "HOT WATER BOTTLE",
                                                      "JIGSAW",
                                                      "CANDLE",
                                                      "COASTER",
                                                      "PENCIL CASE",
                                                      "TRINKET BOX",
                                                      "UMBRELLA",
                                                      "CHALKBOARD",
                                                      "BISCUIT TIN",
                                                      "HANGING HEART",
                                                      "NECKLACE",
                                                      "SPOON",
                                                      "APRON",
                                                      "STICKERS"};
constexpr std::array<std::string_view, 3> kTails = {"", " LARGE", " ASSORTED"};
// Rarer ones, which have to be quoted.
constexpr std::array<std::string_view, 2> kQuotedTails = {" ,BLACK", " 6\" ROUND"};
constexpr std::array<int64_t, 18> kPrices = {19,  29,  42,  65,  85,  125, 145, 165, 195,
                                             210, 255, 295, 375, 425, 495, 595, 850, 1275};

struct Country {
  std::string_view name;
  uint64_t weight;  // of a thousand
};
constexpr std::array<Country, 12> kCountries = {{{"United Kingdom", 908},
                                                 {"Germany", 22},
                                                 {"France", 20},
                                                 {"EIRE", 8},
                                                 {"Netherlands", 7},
                                                 {"Spain", 8},
                                                 {"Switzerland", 6},
                                                 {"Belgium", 6},
                                                 {"Sweden", 5},
                                                 {"Portugal", 5},
                                                 {"Channel Islands", 3},
                                                 {"Japan", 2}}};

template <class T, size_t kCount>
const T& PickFrom(const std::array<T, kCount>& items, Random& random) {
  return items[random.Below(kCount)];
}

std::string_view PickCountry(Random& random) {
  uint64_t ticket = random.Below(1000);
  for (const Country& country : kCountries) {
    if (ticket < country.weight) {
      return country.name;
    }
    ticket -= country.weight;
  }
  return kCountries.front().name;
}

std::string MakeStockCode(Random& random) {
  std::string code = std::to_string(10'000 + random.Below(80'000));
  if (random.Below(5) == 0) {
    code += static_cast<char>('A' + random.Below(7));
    if (random.Below(12) == 0) {
      code += static_cast<char>('A' + random.Below(3));
    }
  }
  return code;
}

std::string MakeDescription(Random& random) {
  const std::string_view style = PickFrom(kStyles, random);
  const std::string_view thing = PickFrom(kThings, random);
  const std::string_view tail =
      random.Below(40) == 0 ? PickFrom(kQuotedTails, random) : PickFrom(kTails, random);
  std::string text = fmt::format("{} {}{}", style, thing, tail);
  // Outer blanks are part of real descriptions.
  if (random.Below(25) == 0) {
    text += " ";
  }
  return text;
}

}  // namespace

std::vector<Product> MakeProducts(size_t count, Random& random) {
  std::vector<Product> products;
  std::set<std::string> codes;
  while (products.size() < count) {
    std::string code = MakeStockCode(random);
    if (!codes.insert(code).second) {
      continue;
    }
    products.push_back({std::move(code), MakeDescription(random), PickFrom(kPrices, random)});
  }
  return products;
}

std::vector<Customer> MakeCustomers(size_t count, int64_t days, Random& random) {
  std::vector<Customer> customers;
  for (size_t index = 0; index < count; ++index) {
    Customer customer;
    customer.id = 12'346 + static_cast<int64_t>(index);
    customer.country = PickCountry(random);
    // A third are there from the first day, the rest arrive evenly.
    customer.first_day =
        random.Below(3) == 0 ? 0 : static_cast<int64_t>(random.Below(static_cast<uint64_t>(days)));
    customer.bulk = random.Below(50) == 0 ? 12 : 1;
    customers.push_back(std::move(customer));
  }
  // Loyalty goes by position (SkewedIndex): shuffled, so that it does not follow the id.
  for (size_t index = customers.size(); index > 1; --index) {
    std::swap(customers[index - 1], customers[random.Below(index)]);
  }
  return customers;
}

size_t SkewedIndex(size_t count, Random& random) {
  // u² has the density of 1/√x: P(index < count/10) = √0.1.
  const double u = random.Unit();
  return std::min(count - 1, static_cast<size_t>(u * u * static_cast<double>(count)));
}

size_t LoyalIndex(size_t count, Random& random) {
  // u³ alone would give a fifteenth of all sales to the first of 3,000 customers; the linear part
  // ends the steepness at the top.
  const double u = random.Unit();
  return std::min(count - 1,
                  static_cast<size_t>((0.97 * u * u * u + 0.03 * u) * static_cast<double>(count)));
}

}  // namespace medallion::retail
