#include "cairn/codec/json.hpp"

#include <catch2/catch.hpp>

namespace cairn::codec {

namespace {

enum class Shade : std::uint8_t { light, dark };

template <class T>
struct One {
    T value{};

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("value", value));
    }
};

struct Limited {
    Bytes bytes;
    std::string text;
    std::vector<One<std::uint8_t>> list;
    std::uint64_t seal = 0;
    Shade colour = Shade::light;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            field("bytes", defaulted(bounded<2>(bytes))),
            field("text", defaulted(bounded<2>(text))),
            field("list", defaulted(bounded<2>(list))),
            field("seal", defaulted(hex64(seal))),
            field("colour", defaulted(enumerator<Shade::dark>(colour)))
        );
    }
};

/// A type whose JSON is special: its `kind` stands among the payload's fields.
struct Tagged {
    bool is_pair = false;
    One<std::uint8_t> payload;

    void save(JsonWriter& archive) const {
        archive.begin_object();
        archive.write_raw_field("kind", is_pair ? "\"pair\"" : "\"one\"");
        archive(flat(payload));
        archive.end_object();
    }

    void load(JsonReader& archive) {
        archive.begin_object();
        if (archive.open_field("kind")) {
            const auto kind = archive.take_text(8);
            is_pair = kind == "pair";
            if (!is_pair && kind != "one")
                archive.fail(DecodeError::unknown_tag, "one or pair");
            archive.close_field();
        } else {
            archive.fail_missing("kind");
        }
        archive(flat(payload));
        archive.end_object();
    }
};

template <class T>
JsonError error_of(std::string_view text) {
    const auto value = from_json_text<T>(text);
    REQUIRE_FALSE(value);
    return value.error();
}

template <class T>
DecodeError code_of(std::string_view json_value) {
    std::string text{"{\"value\":"};
    text.append(json_value).append("}");
    const auto error = error_of<One<T>>(text);
    CHECK(error.where == "value");
    return error.code;
}

DecodeError limited_code(std::string_view member) {
    std::string text{"{"};
    text.append(member).append("}");
    return error_of<Limited>(text).code;
}

}  // namespace

TEST_CASE("Json reader: a number is refused rather than rounded", "[codec][C7]") {
    CHECK(
        from_json_text<One<Amount>>(R"({"value":9007199254740991})")->value.value == quantity_max
    );
    for (const auto* text :
         {"1.0", "1e3", "\"5\"", "\"0x5\"", "-1", "-0", "null", "true", "[1]", "{}"}) {
        CHECK(code_of<Amount>(text) == DecodeError::wrong_type);
        CHECK(code_of<std::uint64_t>(text) == DecodeError::wrong_type);
    }
    // A document built by hand can hold what no parsed one does.
    const auto beyond = Json::object({{"value", Json{quantity_max + 1}}});
    CHECK(from_json<One<Amount>>(beyond).error().code == DecodeError::number_too_large);
    CHECK(from_json<One<std::uint64_t>>(beyond).error().code == DecodeError::number_too_large);
}

TEST_CASE("Json reader: small integers end where their type does", "[codec][C7]") {
    CHECK(from_json_text<One<std::uint8_t>>(R"({"value":255})")->value == 255);
    CHECK(code_of<std::uint8_t>("256") == DecodeError::number_too_large);
    CHECK(from_json_text<One<std::uint16_t>>(R"({"value":65535})")->value == 65535);
    CHECK(code_of<std::uint16_t>("65536") == DecodeError::number_too_large);
    CHECK(from_json_text<One<std::uint32_t>>(R"({"value":4294967295})")->value == 4294967295U);
    CHECK(code_of<std::uint32_t>("4294967296") == DecodeError::number_too_large);
    CHECK(
        error_of<One<std::uint8_t>>(R"({"value":-7})") ==
        JsonError{DecodeError::wrong_type, "value", "integer from 0 to 255", "-7"}
    );
}

TEST_CASE("Json reader: booleans and hexadecimal have one form", "[codec][C4]") {
    using Key = FixedBytes<2, struct KeyTag>;
    CHECK(code_of<bool>("1") == DecodeError::wrong_type);
    CHECK(code_of<bool>("\"true\"") == DecodeError::wrong_type);
    CHECK(to_hex(from_json_text<One<Key>>(R"({"value":"00af"})")->value) == "00af");
    CHECK(code_of<Key>("\"00AF\"") == DecodeError::bad_hex);
    CHECK(code_of<Key>("\"00a\"") == DecodeError::bad_hex);
    CHECK(code_of<Key>("\"00af00\"") == DecodeError::bad_hex);
    CHECK(code_of<Key>("\"0xaf\"") == DecodeError::bad_hex);
    CHECK(code_of<Key>("175") == DecodeError::wrong_type);
    CHECK(code_of<Uint256>("\"09\"") == DecodeError::bad_hex);
    CHECK(limited_code(R"("seal":"1")") == DecodeError::bad_hex);
    CHECK(limited_code(R"("bytes":"0")") == DecodeError::bad_hex);
    CHECK(limited_code(R"("bytes":"zz")") == DecodeError::bad_hex);
}

TEST_CASE("Json reader: containers end at their maximum as in binary", "[codec][C2]") {
    CHECK(from_json_text<Limited>(R"({"bytes":"0102","text":"é","list":[{"value":1},{"value":2}]})")
    );
    CHECK(limited_code(R"("bytes":"010203")") == DecodeError::too_long);
    CHECK(limited_code(R"("text":"aé")") == DecodeError::too_long);
    CHECK(limited_code(R"("list":[{"value":1},{"value":2},{"value":3}])") == DecodeError::too_many);
    CHECK(limited_code(R"("list":{})") == DecodeError::wrong_type);
    CHECK(from_json_text<Limited>(R"({"colour":1})")->colour == Shade::dark);
    CHECK(limited_code(R"("colour":2)") == DecodeError::unknown_tag);
}

TEST_CASE("Json reader: an error carries the path of its field", "[codec]") {
    CHECK(
        error_of<Limited>(R"({"list":[{"value":1},{"value":"x"}]})") ==
        JsonError{DecodeError::wrong_type, "list[1].value", "integer from 0 to 255", "text"}
    );
    CHECK(
        error_of<Limited>(R"({"list":[{}]})") ==
        JsonError{DecodeError::missing_field, "list[0].value", "a field", "nothing"}
    );
    CHECK(error_of<Limited>("[]") == JsonError{DecodeError::wrong_type, "", "object", "array"});
}

TEST_CASE("Json reader: an unknown field is refused and named harmlessly", "[codec][C8]") {
    const auto error = error_of<One<bool>>(R"({"value":true,"\u0000<é>":1})");
    CHECK(error.code == DecodeError::unknown_field);
    CHECK(error.where == R"(\u0000<\u00e9>)");
    const auto long_key = R"({"value":true,")" + std::string(1'000, 'k') + R"(":1})";
    CHECK(error_of<One<bool>>(long_key).where == std::string(32, 'k'));
}

TEST_CASE("Json reader: unknown fields are tolerated only where the caller says", "[codec]") {
    const auto top = *parse_json(R"({"value":{"value":1},"id":5})");
    const auto inner = *parse_json(R"({"value":{"value":1,"id":5}})");
    using Nested = One<One<std::uint8_t>>;
    CHECK_FALSE(from_json<Nested>(top));
    CHECK(from_json<Nested>(top, UnknownFields::ignored_at_top));
    CHECK_FALSE(from_json<Nested>(inner, UnknownFields::ignored_at_top));
    CHECK(from_json<Nested>(inner, UnknownFields::ignored));
}

TEST_CASE("Json reader: optional and defaulted fields may be absent, never null", "[codec]") {
    using Maybe = One<std::optional<std::uint8_t>>;
    CHECK(from_json_text<Maybe>("{}")->value == std::nullopt);
    CHECK(from_json_text<Maybe>(R"({"value":3})")->value == 3);
    CHECK(error_of<Maybe>(R"({"value":null})").code == DecodeError::wrong_type);
    CHECK(to_json(Maybe{}) == "{}");
    CHECK(from_json_text<Limited>("{}")->text.empty());
    CHECK(limited_code(R"("text":null)") == DecodeError::wrong_type);
}

TEST_CASE("Json reader: a special type reads its fields and those of its payload", "[codec]") {
    const auto value = from_json_text<Tagged>(R"({"value":4,"kind":"pair"})");
    REQUIRE(value);
    CHECK(value->is_pair);
    CHECK(to_json(*value) == R"({"kind":"pair","value":4})");
    CHECK(error_of<Tagged>(R"({"value":4})").code == DecodeError::missing_field);
    CHECK(
        error_of<Tagged>(R"({"kind":"two","value":4})") ==
        JsonError{DecodeError::unknown_tag, "kind", "one or pair", ""}
    );
    CHECK(error_of<Tagged>(R"({"kind":"one","value":4,"x":1})").where == "x");
    CHECK(error_of<Tagged>("[1").code == DecodeError::bad_json);
}

}  // namespace cairn::codec
