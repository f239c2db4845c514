// Counts the records of an XML file, and the bytes of their names, with libxml2's SAX2 parser: sax2-count FILE
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

struct counts {
    int depth, isName;
    unsigned long long records, nameBytes;
};

static void start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                  const xmlChar **declared, int attributes, int defaulted, const xmlChar **values) {
    struct counts *counts = context;
    (void)prefix, (void)uri, (void)namespaces, (void)declared, (void)attributes, (void)defaulted, (void)values;
    counts->depth++;
    if (counts->depth == 2) counts->records++;
    counts->isName = counts->depth == 3 && strcmp((const char *)name, "name") == 0;
}

static void end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct counts *counts = context;
    (void)name, (void)prefix, (void)uri;
    counts->depth--;
    counts->isName = 0;
}

static void characters(void *context, const xmlChar *bytes, int count) {
    struct counts *counts = context;
    (void)bytes;
    if (counts->isName) counts->nameBytes += (unsigned long long)count;
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    FILE *file = fopen(arguments[1], "rb");
    if (!file) return 66;
    xmlSAXHandler table = {
        .initialized = XML_SAX2_MAGIC, .startElementNs = start, .endElementNs = end, .characters = characters};
    struct counts counts = {0};
    char chunk[65536];
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&table, &counts, NULL, 0, NULL);
    size_t read;
    while ((read = fread(chunk, 1, sizeof chunk, file)) > 0)
        if (xmlParseChunk(parser, chunk, (int)read, 0) != 0) return 65;
    if (xmlParseChunk(parser, NULL, 0, 1) != 0) return 65;
    printf("{\"read\": %llu, \"nameBytes\": %llu}\n", counts.records, counts.nameBytes);
    xmlFreeParserCtxt(parser);
    fclose(file);
    return 0;
}
