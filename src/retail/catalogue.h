#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"

// What the generated shop sells and to whom. docs of the columns: sales_generator.h.

namespace medallion::retail {

struct Product {
  std::string stock_code;
  std::string description;  // as in the file, unquoted
  int64_t price_pence = 0;
};

struct Customer {
  int64_t id = 0;
  std::string country;
  int64_t first_day = 0;  // index of the day from which the customer buys
  // Larger baskets for some: the factor on quantities.
  int64_t bulk = 1;
};

// Distinct stock codes: five digits, for one in five with one or two letters.
std::vector<Product> MakeProducts(size_t count, Random& random);
// Ids rise from 12346 without order in time; nine in ten are at home in the United Kingdom.
std::vector<Customer> MakeCustomers(size_t count, int64_t days, Random& random);

// An index below `count`, low ones far more often: the share of the first tenth is about a third.
size_t SkewedIndex(size_t count, Random& random);

// As SkewedIndex, with a heavier tail: the share of the first tenth is nearly a half, that of the
// first alone about a hundredth for some thousands.
size_t LoyalIndex(size_t count, Random& random);

}  // namespace medallion::retail
