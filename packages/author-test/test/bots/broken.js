// A bot that cannot be loaded.
import './not-there.js'
