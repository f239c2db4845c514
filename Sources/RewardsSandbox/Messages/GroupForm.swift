/// How a group is shown: the members of the API's group object.
struct GroupForm: Sendable {
    /// The call whose response shows the group.
    enum Place: Sendable {
        case create, update, read
    }

    let organisation: Int
    let clock: StampClock

    func response(_ group: StoredGroup, in place: Place) -> BufferedResponse {
        var text = JSONText()
        write(group, in: place, to: &text)
        return BufferedResponse(text)
    }

    func write(_ group: StoredGroup, in place: Place, to text: inout JSONText) {
        let isRead = place == .read
        let createdOn = isRead ? clock.listed(group.createdOn) : group.createdOn
        let updatedOn = isRead ? clock.listed(group.lastUpdatedOn) : group.lastUpdatedOn
        text.beginObject()
        text.member("id", group.id)
        text.member("orgId", organisation)
        text.member("name", group.name)
        if let rank = group.rank { text.member("rank", rank) } else { text.nullMember("rank") }
        text.member("isActive", group.isActive)
        text.member("createdBy", place == .create ? clock.faults.createdBy ?? group.createdBy : group.createdBy)
        text.member("createdOn", createdOn)
        text.member("createdOnDateTime", utcDateTime(createdOn))
        text.member("lastUpdatedBy", group.lastUpdatedBy)
        text.member("lastUpdatedOn", updatedOn)
        text.member("lastUpdatedOnDateTime", utcDateTime(updatedOn))
        text.endObject()
    }
}
