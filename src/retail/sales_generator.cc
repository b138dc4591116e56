#include "retail/sales_generator.h"

#include <array>

#include "base/civil_time.h"
#include "catalogue.h"

namespace medallion::retail {
namespace {

constexpr std::string_view kHeader =
    "Invoice,StockCode,Description,Quantity,Price,Customer ID,Country,InvoiceDate\n";
constexpr int64_t kFirstInvoice = 489'434;
// Mean lines of an ordinary invoice; the tail is long.
constexpr double kLinesMean = 17;
// Days between two bad-debt entries.
constexpr int64_t kBadDebtDays = 90;

struct Line {
  std::string stock_code;
  std::string description;
  int64_t quantity = 0;
  std::string price;
};

struct Invoice {
  std::string number;
  std::string customer;  // empty: unknown
  std::string country;
  std::vector<Line> lines;
};

// `2.0`, `0.85`, `12.75`: at least one digit after the point, as the published files have it.
std::string PriceText(int64_t pence) {
  std::string text = fmt::format("{}.{:02}", pence / 100, pence % 100);
  if (text.back() == '0') {
    text.pop_back();
  }
  return text;
}

// RFC 4180, quoted only where needed.
std::string CsvText(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

// The sum of the year's growth, its autumn peak and a Christmas lull: the factor on a day's sales.
double Season(int64_t day, int32_t date) {
  const CivilDate civil = CivilFromDays(date);
  const double growth = 0.85 + 0.3 * static_cast<double>(day) / 365;
  if (civil.month >= 9 && civil.month <= 11) {
    return growth * 1.25;
  }
  return civil.month == 12 && civil.day >= 24 ? growth * 0.5 : growth;
}

Line Postage(Random& random) {
  static constexpr std::array<std::string_view, 2> kCodes = {"POST", "DOT"};
  const bool dotcom = random.Below(2) == 1;
  return {std::string(kCodes[dotcom ? 1 : 0]), dotcom ? "DOTCOM POSTAGE" : "POSTAGE", 1,
          PriceText(dotcom ? 5'000 + static_cast<int64_t>(random.Below(60'000)) : 1'800)};
}

// Stock codes that are no products, each with a description and price of its kind.
Line OddLine(Random& random) {
  switch (random.Below(8)) {
    case 0: return {"M", "Manual", 1, PriceText(static_cast<int64_t>(100 + random.Below(20'000)))};
    case 1:
      return {"D", "Discount", -1, PriceText(static_cast<int64_t>(100 + random.Below(5'000)))};
    case 2: return {"BANK CHARGES", " Bank Charges", 1, "15.0"};
    case 3: return {"C2", "CARRIAGE", 1, "50.0"};
    case 4: return {"gift_0001_20", "Dotcomgiftshop Gift Voucher £20.00", 1, "17.02"};
    case 5:
      return {"PADS", "PADS TO MATCH ALL CUSHIONS", 1, random.Below(10) == 0 ? "0.001" : "0.1"};
    case 6: return {"TEST001", "This is a test product.", 5, "4.5"};
    default:
      return {"ADJUST", "Adjustment by hand", 1,
              PriceText(static_cast<int64_t>(100 + random.Below(30'000)))};
  }
}

// Goods that left the shelf without a sale.
Line WriteOff(const Product& product, Random& random) {
  static constexpr std::array<std::string_view, 6> kNotes = {
      "", "damaged", "short", "lost", "wet?", "sold as set, not 6"};
  return {product.stock_code, std::string(kNotes[random.Below(kNotes.size())]),
          -static_cast<int64_t>(1 + random.Below(400)), "0.0"};
}

}  // namespace

class SalesGenerator::Shop {
 public:
  explicit Shop(const GeneratorOptions& options)
      : options_(options),
        random_(options.seed),
        products_(MakeProducts(4'000, random_)),
        customers_(MakeCustomers(CustomerCount(options), options.days, random_)),
        first_customer_(FirstToCome(customers_)) {}

  DailySales NextDay() {
    const auto date = static_cast<int32_t>(options_.first_day + day_);
    date_text_ = FormatIsoDate(date);
    DailySales sales{date_text_ + "_transactions.csv", std::string(kHeader), 0};
    const double noise = 0.7 + 0.6 * random_.Unit();
    const auto rows_wanted = static_cast<int64_t>(static_cast<double>(options_.rows_per_day) *
                                                  Season(day_, date) * noise);
    if (day_ % kBadDebtDays == kBadDebtDays / 2) {
      Write(BadDebt(), sales);
    }
    while (sales.rows < std::max<int64_t>(1, rows_wanted)) {
      Write(NextInvoice(rows_wanted - sales.rows), sales);
    }
    ++day_;
    return sales;
  }

 private:
  // With those who never come, about one customer per hundred rows of the whole data set, as in the
  // real one.
  static size_t CustomerCount(const GeneratorOptions& options) {
    return static_cast<size_t>(std::max<int64_t>(20, options.days * options.rows_per_day / 75));
  }

  // Someone buys on the first day, however few customers there are.
  static size_t FirstToCome(const std::vector<Customer>& customers) {
    const auto first = std::min_element(
        customers.begin(), customers.end(),
        [](const Customer& a, const Customer& b) { return a.first_day < b.first_day; });
    return static_cast<size_t>(first - customers.begin());
  }

  std::string NextNumber(std::string_view prefix) {
    return fmt::format("{}{}", prefix, kFirstInvoice + invoices_++);
  }

  Invoice BadDebt() {
    return {NextNumber("A"),
            "",
            "United Kingdom",
            {{"B", "Adjust bad debt", 1,
              "-" + PriceText(static_cast<int64_t>(1'000'000 + random_.Below(5'000'000)))}}};
  }

  // At most `lines_max` lines (at least one), so that a day ends near its size.
  Invoice NextInvoice(int64_t lines_max) {
    const uint64_t kind = random_.Below(100);
    if (kind < 8) {
      const Product& product = products_[SkewedIndex(products_.size(), random_)];
      return {NextNumber(""), "", "United Kingdom", {WriteOff(product, random_)}};
    }
    const Customer& customer = PickCustomer();
    if (kind < 22) {
      return Cancellation(customer);
    }
    const bool unknown = random_.Below(100) < 14;
    Invoice invoice{NextNumber(""),
                    unknown ? "" : fmt::format("{}.0", customer.id),
                    unknown ? "United Kingdom" : customer.country,
                    {}};
    const double mean = unknown ? 1.6 * kLinesMean : kLinesMean;
    const int64_t lines = std::clamp(LineCount(mean), int64_t{1}, std::max<int64_t>(1, lines_max));
    while (static_cast<int64_t>(invoice.lines.size()) < lines) {
      invoice.lines.push_back(NextLine(customer, invoice.lines));
    }
    return invoice;
  }

  Invoice Cancellation(const Customer& customer) {
    Invoice invoice{NextNumber("C"), fmt::format("{}.0", customer.id), customer.country, {}};
    const int64_t lines = 1 + static_cast<int64_t>(random_.Below(4));
    for (int64_t line = 0; line < lines; ++line) {
      Line sold = ProductLine(customer);
      sold.quantity = -sold.quantity;
      invoice.lines.push_back(std::move(sold));
    }
    return invoice;
  }

  Line NextLine(const Customer& customer, const std::vector<Line>& before) {
    const uint64_t kind = random_.Below(1000);
    if (kind < 12 && !before.empty()) {
      return before.back();  // the same line twice is a real sale
    }
    if (kind < 16) {
      return Postage(random_);
    }
    if (kind < 19) {
      return OddLine(random_);
    }
    return ProductLine(customer);
  }

  Line ProductLine(const Customer& customer) {
    const Product& product = products_[SkewedIndex(products_.size(), random_)];
    static constexpr std::array<int64_t, 12> kQuantities = {1, 1, 1, 1, 2, 2, 3, 4, 6, 6, 12, 24};
    const int64_t quantity = kQuantities[random_.Below(kQuantities.size())] * customer.bulk;
    return {product.stock_code, product.description, quantity, PriceText(product.price_pence)};
  }

  // One who already buys; loyal ones more often.
  const Customer& PickCustomer() {
    static constexpr int kTries = 8;
    for (int attempt = 0; attempt < kTries; ++attempt) {
      const Customer& customer = customers_[LoyalIndex(customers_.size(), random_)];
      if (customer.first_day <= day_) {
        return customer;
      }
    }
    // Few of them are there yet: any that is.
    for (size_t index = random_.Below(customers_.size());;
         index = (index + 1) % customers_.size()) {
      if (customers_[index].first_day <= day_ || index == first_customer_) {
        return customers_[index];
      }
    }
  }

  // Half below 60 % of the mean, a few many times it.
  int64_t LineCount(double mean) {
    const double u = random_.Unit();
    return static_cast<int64_t>(mean * 0.5 * (u * 2 + (u > 0.97 ? 18 : 0) + (u > 0.8 ? 1.5 : 0))) +
           1;
  }

  void Write(const Invoice& invoice, DailySales& sales) const {
    for (const Line& line : invoice.lines) {
      sales.text += fmt::format("{},{},{},{},{},{},{},{}\n", invoice.number, line.stock_code,
                                CsvText(line.description), line.quantity, line.price,
                                invoice.customer, CsvText(invoice.country), date_text_);
      ++sales.rows;
    }
  }

  GeneratorOptions options_;
  Random random_;
  std::vector<Product> products_;
  std::vector<Customer> customers_;
  size_t first_customer_;
  int64_t day_ = 0;
  int64_t invoices_ = 0;
  std::string date_text_;
};

SalesGenerator::SalesGenerator(const GeneratorOptions& options)
    : shop_(std::make_unique<Shop>(options)) {}
SalesGenerator::~SalesGenerator() = default;
SalesGenerator::SalesGenerator(SalesGenerator&&) noexcept = default;
SalesGenerator& SalesGenerator::operator=(SalesGenerator&&) noexcept = default;

DailySales SalesGenerator::NextDay() { return shop_->NextDay(); }

Result<GeneratedSales> GenerateSales(const GeneratorOptions& options, ObjectStore& destination,
                                     const CancellationToken* cancellation) {
  SalesGenerator generator(options);
  GeneratedSales total;
  for (int64_t day = 0; day < options.days; ++day) {
    if (cancellation != nullptr) {
      RETURN_IF_ERROR(cancellation->Check());
    }
    const DailySales sales = generator.NextDay();
    ASSIGN_OR_RETURN(const auto existing, destination.Head(sales.file_name));
    bool same = false;
    if (existing && existing->size_bytes == sales.text.size()) {
      ASSIGN_OR_RETURN(const std::string text, destination.Get(sales.file_name));
      same = text == sales.text;
    }
    if (!same) {
      RETURN_IF_ERROR(destination.Put(sales.file_name, sales.text, PutMode::kOverwrite));
    }
    ++total.files;
    total.rows += sales.rows;
    total.bytes += sales.text.size();
  }
  return total;
}

}  // namespace medallion::retail
