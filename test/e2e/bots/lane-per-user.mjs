// Names a lane for each user of a chat, and leaves the answering to the assistant.
export const lane = (update) => update.message && `user ${update.message.from.id}`

export default (_ctx, next) => next()
