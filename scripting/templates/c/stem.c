// A processor: what it is, what it thinks of its properties, and what it does.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "processor.h"

#define BATCH 100

static processor_string_t text(const char *literal) {
  return (processor_string_t){(uint8_t *)literal, strlen(literal)};
}

static void say(processor_string_t *to, const char *literal) {
  processor_string_dup(to, literal);
}

void exports_processor_describe(processor_descriptor_t *told) {
  memset(told, 0, sizeof *told);
  say(&told->name, "NameStem");
  say(&told->version, "0.1.0");
  say(&told->description,
      "Takes a filename apart. The attribute that **Attribute** names is what comes before the "
      "last dot, and the content becomes JSON that tells both, and how long the content was.");
  told->tags.len = 2;
  told->tags.ptr = calloc(2, sizeof *told->tags.ptr);
  say(&told->tags.ptr[0], "attributes");
  say(&told->tags.ptr[1], "filename");
  told->relationships.len = 1;
  told->relationships.ptr = calloc(1, sizeof *told->relationships.ptr);
  say(&told->relationships.ptr[0].name, "success");
  say(&told->relationships.ptr[0].description, "What was taken apart.");
  told->properties.len = 1;
  told->properties.ptr = calloc(1, sizeof *told->properties.ptr);
  say(&told->properties.ptr[0].name, "Attribute");
  say(&told->properties.ptr[0].description, "The attribute that is set.");
  told->properties.ptr[0].kind = TUTTI_PROCESSOR_TYPES_PROPERTY_KIND_TEXT;
  told->properties.ptr[0].required = true;
  told->properties.ptr[0].default_.is_some = true;
  say(&told->properties.ptr[0].default_.val, "stem");
}

// What is wrong with properties: here a name that nobody may set.
void exports_processor_validate(processor_list_tuple2_string_string_t *properties,
                                processor_list_tuple2_string_string_t *wrong) {
  wrong->ptr = NULL;
  wrong->len = 0;
  for (size_t each = 0; each < properties->len; each++) {
    processor_string_t *value = &properties->ptr[each].f1;
    if (value->len != 4 || memcmp(value->ptr, "uuid", 4) != 0) continue;
    wrong->ptr = calloc(1, sizeof *wrong->ptr);
    wrong->len = 1;
    say(&wrong->ptr[0].f0, "Attribute");
    say(&wrong->ptr[0].f1, "the uuid cannot be changed");
  }
  processor_list_tuple2_string_string_free(properties);
}

static bool fail(processor_failure_t *failure, const char *why) {
  failure->tag = TUTTI_PROCESSOR_TYPES_FAILURE_FATAL;
  memset(&failure->val.fatal, 0, sizeof failure->val.fatal);
  say(&failure->val.fatal.message, why);
  say(&failure->val.fatal.trace, "");
  return false;
}

// Appends to a text in JSON, of which there is always enough room.
static char *quoted(char *to, const uint8_t *from, size_t length) {
  *to++ = '"';
  for (size_t at = 0; at < length; at++) {
    if (from[at] == '"' || from[at] == '\\') {
      *to++ = '\\';
      *to++ = (char)from[at];
    } else if (from[at] < 0x20) {
      to += sprintf(to, "\\u%04x", from[at]);
    } else {
      *to++ = (char)from[at];
    }
  }
  *to++ = '"';
  return to;
}

static bool work(tutti_processor_session_item_t *item, processor_string_t *attribute,
                 processor_failure_t *failure) {
  tutti_processor_session_borrow_flowfile_t flowfile =
      tutti_processor_session_borrow_flowfile(item->flowfile);
  processor_string_t name = text("");
  for (size_t each = 0; each < item->attributes.len; each++) {
    processor_string_t *known = &item->attributes.ptr[each].f0;
    if (known->len == 8 && memcmp(known->ptr, "filename", 8) == 0) {
      name = item->attributes.ptr[each].f1;
    }
  }
  size_t stem = name.len;
  for (size_t at = name.len; at > 1; at--) {
    if (name.ptr[at - 1] == '.') {
      stem = at - 1;
      break;
    }
  }
  processor_tuple2_string_string_t set[] = {
      {*attribute, {name.ptr, stem}},
      {text("mime.type"), text("application/json")},
  };
  tutti_processor_session_attributes_t attributes = {set, 2};
  processor_list_string_t none = {NULL, 0};
  tutti_processor_session_refusal_t refusal;
  if (!tutti_processor_session_method_flowfile_set_attributes(flowfile, &attributes, &none,
                                                              &refusal)) {
    return fail(failure, "the attributes were refused");
  }
  char *json = malloc(name.len * 12 + 80);
  if (json == NULL) return fail(failure, "there is no memory left");
  char *to = json + sprintf(json, "{\"name\":");
  to = quoted(to, name.ptr, name.len);
  to += sprintf(to, ",\"stem\":");
  to = quoted(to, name.ptr, stem);
  to += sprintf(to, ",\"bytes\":%llu}", (unsigned long long)item->size);
  processor_list_u8_t body = {(uint8_t *)json, (size_t)(to - json)};
  bool is_written = tutti_processor_session_method_flowfile_write_all(flowfile, &body, &refusal);
  free(json);
  return is_written || fail(failure, "the content was refused");
}

bool exports_processor_process(processor_failure_t *failure) {
  processor_string_t name = text("Attribute");
  processor_option_string_t attribute;
  tutti_processor_session_refusal_t refusal;
  if (!tutti_processor_session_property(&name, NULL, &attribute, &refusal) ||
      !attribute.is_some) {
    return fail(failure, "there is no property \"Attribute\"");
  }
  for (;;) {
    tutti_processor_session_list_item_t items;
    if (!tutti_processor_session_get(BATCH, &items, &refusal)) {
      return fail(failure, "no flowfiles were given");
    }
    if (items.len == 0) return true;
    tutti_processor_session_own_flowfile_t done[BATCH];
    for (size_t each = 0; each < items.len; each++) {
      if (!work(&items.ptr[each], &attribute.val, failure)) return false;
      tutti_processor_types_attributes_free(&items.ptr[each].attributes);
      done[each] = items.ptr[each].flowfile;
    }
    tutti_processor_session_list_own_flowfile_t all = {done, items.len};
    processor_string_t success = text("success");
    free(items.ptr);
    if (!tutti_processor_session_transfer(&all, &success, &refusal)) {
      return fail(failure, "the flowfiles were not taken");
    }
  }
}
