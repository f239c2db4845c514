// Counts the records of an NDJSON file, and the bytes of their names and the records with a rank, with simdjson's
// On-Demand parser: simdjson-count FILE
#include <cstdint>
#include <cstdio>
#include <simdjson.h>

int main(int count, char **arguments) {
    if (count != 2) return 64;
    simdjson::padded_string text;
    if (simdjson::padded_string::load(arguments[1]).get(text)) return 66;
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document_stream documents;
    if (parser.iterate_many(text, 1 << 20).get(documents)) return 65;
    uint64_t records = 0, nameBytes = 0, ranks = 0;
    for (auto document : documents) {
        simdjson::ondemand::object object;
        if (document.get_object().get(object)) return 65;
        records++;
        for (auto field : object) {
            std::string_view key, name;
            if (field.unescaped_key().get(key)) return 65;
            if (key == "name") {
                if (!field.value().get_string().get(name)) nameBytes += name.size();
            } else if (key == "rank") {
                ranks++;
            }
        }
    }
    printf("{\"read\": %llu, \"nameBytes\": %llu, \"ranks\": %llu}\n", (unsigned long long)records,
           (unsigned long long)nameBytes, (unsigned long long)ranks);
}
